# An invoice as our systems write it -> the invoice as a partner takes it, with its taxes added up for each rate.
#
# in:  {"id": "R-1", "order": "4711", "date": "2026-11-21", "currency": "EUR",
#       "items": [{"article": "A-1", "quantity": 2, "net": 9.95, "tax_rate": 19}]}
# out: {"invoice": {"number", "order", "issued", "currency", "lines": […], "taxes": [{"rate", "base", "amount"}],
#       "net", "tax", "gross"}}

def needed(name): if . == null then error("the invoice has no \(name)") else . end;
def cents: . * 100 | round / 100;

(.items // []) as $items
| if $items == [] then error("the invoice has no items") else . end
| [ $items[] | {
      article: (.article | needed("article in an item")),
      quantity: (.quantity // 1),
      unit_net: (.net | needed("net price in an item")),
      net: ((.quantity // 1) * .net | cents),
      rate: (.tax_rate // 0)
    } ] as $lines
| [ $lines | group_by(.rate)[] | ([.[].net] | add | cents) as $base | {
      rate: .[0].rate,
      base: $base,
      amount: ($base * .[0].rate / 100 | cents)
    } ] as $taxes
| ([$lines[].net] | add | cents) as $net
| ([$taxes[].amount] | add | cents) as $tax
| {
    invoice: {
      number: (.id | needed("id")),
      order: (.order // null),
      issued: (.date | needed("date")),
      currency: (.currency // "EUR" | ascii_upcase),
      lines: $lines,
      taxes: $taxes,
      net: $net,
      tax: $tax,
      gross: ($net + $tax | cents)
    }
  }
