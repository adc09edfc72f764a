//! How a place writes the secret: one file a format; read and write in place, keeping comments and order.
