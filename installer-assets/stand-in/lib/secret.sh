# Part of a stand-in, not the vendor's: how it encrypts what it keeps. The key is the stand-in's own, in a file that only
# its owner reads; the value goes in and out by pipes and stands on no command line.

# Standard input, encrypted, as one line of base64.
secret_seal() {
    openssl enc -aes-128-cbc -pbkdf2 -iter 20000 -salt -a -A -pass "file:$ROOT/stand-in/key"
    echo
}

# One line of base64, decrypted.
secret_open() {
    openssl enc -d -aes-128-cbc -pbkdf2 -iter 20000 -a -A -pass "file:$ROOT/stand-in/key"
}
