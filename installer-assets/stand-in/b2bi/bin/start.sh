#!/bin/sh
# Starts both engines. How their registration went is in logs/IE.log and logs/TE.log.
# A stand-in for trying Countersign, not the vendor's.
ROOT=$(CDPATH= cd -- "${0%/*}/../.." && pwd -P) || exit 1
. "$ROOT/stand-in/run.sh"
INTEGRATION_PLACE=$PRODUCT_HOME/Integrator/conf/passport-access.properties
TRADING_PLACE=$PRODUCT_HOME/Interchange/conf/passport-access.xml

# The engines underneath read their secret when they start: it stands there in plain for so long, and no longer.
scrub() {
    cat -- "$ROOT/stand-in/templates/Integrator/conf/passport-access.properties" > "$INTEGRATION_PLACE"
    cat -- "$ROOT/stand-in/templates/Interchange/conf/passport-access.xml" > "$TRADING_PLACE"
}
trap scrub EXIT
trap 'exit 1' HUP INT TERM

secret_open < "$INTEGRATION_SECRET" | sed -e 's/\\/\\\\/g' -e 's/^ /\\ /' -e 's/^/passport.shared.secret=/' > "$INTEGRATION_PLACE"
secret_open < "$TRADING_SECRET" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' \
    -e 's,^,<passportAccess><sharedSecret>,' -e 's,$,</sharedSecret></passportAccess>,' > "$TRADING_PLACE"
"$COUNTERSIGN" b2bi start --home "$PRODUCT_HOME" > /dev/null 2>&1
echo "B2Bi Server (stand-in) was started: its logs tell the rest"
