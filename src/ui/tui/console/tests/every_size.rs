//! No size of the window makes any view fail.

use ratatui::layout::Size;

use super::given::Console;
use crate::ui::tui::console::message::Message;
use crate::ui::tui::console::views::Tab;

fn everything() -> Vec<Console> {
    let mut all: Vec<Console> = Tab::ALL
        .into_iter()
        .flat_map(|tab| ["Ctrl-l", "?", "Enter", "/", "a", "x", "x y Enter"].map(|keys| (tab, keys)))
        .map(|(tab, keys)| {
            let mut console = Console::at(tab, 80, 24);
            console.press(keys);
            console.types("wide 日本語 ");
            console
        })
        .collect();
    let mut away = Console::new(80, 24);
    away.send(Message::Away("why ".repeat(60)));
    all.push(away);
    all.push(Console::bare(80, 24));
    all
}

#[test]
fn every_view_can_be_drawn_and_gone_through_at_every_size() {
    let mut at = 0;
    for mut console in everything() {
        // Each console takes other sizes: all of them together walk from 1x1 to 200x60.
        for (width, height) in (1..=200).flat_map(|width| (1..=60).map(move |height| (width, height))) {
            at += 1;
            if at % 907 != 0 {
                continue;
            }
            console.send(Message::Resize(Size::new(width, height)));
            let _ = console.buffer();
        }
        for (width, height) in [(1, 1), (39, 10), (40, 9), (40, 10), (59, 16), (60, 15), (60, 16), (89, 24), (90, 24)] {
            console.send(Message::Resize(Size::new(width, height)));
            console.press("PgDn Down PgDn PgUp Up");
            let _ = console.buffer();
        }
    }
}
