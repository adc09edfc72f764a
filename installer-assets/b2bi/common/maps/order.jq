# An order as a partner sends it -> the order as our systems take it.
#
# in:  {"number": 4711, "date": "2026-11-21", "currency": "EUR", "buyer": {"name": …, "country": …},
#       "lines": [{"article": "A-1", "quantity": 2, "price": 9.95, "text": …}]}
# out: {"order": {"id", "date", "currency", "customer", "positions": [{"position", "article", "description",
#       "quantity", "unit_price", "amount"}], "total"}}

def needed(name): if . == null then error("the order has no \(name)") else . end;
def cents: . * 100 | round / 100;

{
  order: {
    id: (.number | needed("number") | tostring),
    date: (.date | needed("date")),
    currency: (.currency // "EUR" | ascii_upcase),
    customer: {
      name: (.buyer.name | needed("buyer's name")),
      country: (.buyer.country // null)
    },
    positions: [
      .lines // [] | to_entries[] | .key as $index | .value | {
        position: ($index + 1),
        article: (.article | needed("article in line \($index + 1)")),
        description: (.text // null),
        quantity: (.quantity // 1),
        unit_price: (.price | needed("price in line \($index + 1)")),
        amount: ((.quantity // 1) * .price | cents)
      }
    ]
  }
}
| if .order.positions == [] then error("the order has no lines") else . end
| .order.total = ([.order.positions[].amount] | add | cents)
