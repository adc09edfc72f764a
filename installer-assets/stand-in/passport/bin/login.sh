#!/bin/sh
# Logs in as the user system; ends with 0 only if that works.
# A stand-in for trying Countersign, not the vendor's.
ROOT=$(CDPATH= cd -- "${0%/*}/../.." && pwd -P) || exit 1
. "$ROOT/stand-in/run.sh"
"$COUNTERSIGN" passport user login system --home "$PRODUCT_HOME" --password-from "file:$PRODUCT_HOME/conf/system.pass"
