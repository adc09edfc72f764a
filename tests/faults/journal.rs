//! A journal that is not what was written.
