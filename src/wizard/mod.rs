//! Pages and fields as data, navigation, what is still missing. Knows no terminal.
