//! Java keystore files: reading and writing JKS.
