#!/bin/sh
# Lays down a site to try Countersign on: a PassPort and a B2Bi Server that look, behave and are installed as the public
# documents tell of the vendor's. Both are STAND-INS: nothing in them is the vendor's, and underneath work Countersign's
# own open servers.
#
#   make.sh DIR --countersign PROGRAM [--https-port N] [--client-auth-port N] [--installer 4.8|4.9|4.10] [--kit]
#
# The shared secret is read from standard input, one line. With --kit nothing is installed: DIR/kit holds the unpacked
# installers and a silent file for each, as after a console run that was ended just before Install.
#
# Needs a POSIX shell, openssl and the usual small tools.

PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077

usage() {
    echo "make.sh: $1" >&2
    echo "usage: make.sh DIR --countersign PROGRAM [--https-port N] [--client-auth-port N] [--installer 4.8|4.9|4.10] [--kit]" >&2
    exit 2
}

fail() {
    echo "make.sh: $1" >&2
    exit 1
}

HERE=$(CDPATH= cd -- "${0%/*}" && pwd -P) || exit 1
DIR=
COUNTERSIGN=
HTTPS_PORT=6453
CLIENT_AUTH_PORT=6666
INSTALLER=4.10
KITS=
while [ $# -gt 0 ]; do
    case $1 in
    --kit) KITS=/kit; shift; continue ;;
    --countersign | --https-port | --client-auth-port | --installer)
        [ $# -gt 1 ] || usage "$1 needs a value"
        case $1 in
        --countersign) COUNTERSIGN=$2 ;;
        --https-port) HTTPS_PORT=$2 ;;
        --client-auth-port) CLIENT_AUTH_PORT=$2 ;;
        --installer) INSTALLER=$2 ;;
        esac
        shift 2
        ;;
    -*) usage "$1 is not known" ;;
    *) [ -z "$DIR" ] || usage "one folder only"; DIR=$1; shift ;;
    esac
done
[ -n "$DIR" ] || usage "which folder?"
[ -n "$COUNTERSIGN" ] || usage "which program is countersign? Name it with --countersign"
for port in "$HTTPS_PORT" "$CLIENT_AUTH_PORT"; do
    case $port in '' | *[!0-9]*) usage "$port is no port" ;; esac
done
case $INSTALLER in 4.8 | 4.9 | 4.10) INSTALLER=$INSTALLER.0 ;; *) usage "the installer is 4.8, 4.9 or 4.10" ;; esac
COUNTERSIGN=$(CDPATH= cd -- "$(dirname -- "$COUNTERSIGN")" && pwd -P)/${COUNTERSIGN##*/}
[ -x "$COUNTERSIGN" ] || fail "$COUNTERSIGN cannot be started"
mkdir -p -- "$DIR" || exit 1
DIR=$(CDPATH= cd -- "$DIR" && pwd -P) || exit 1
for path in "$DIR" "$COUNTERSIGN"; do
    case $path in *[!A-Za-z0-9/._+-]*) fail "$path: take a path of letters, digits and . _ + - alone" ;; esac
done
for folder in kit passport b2bi estate; do
    [ ! -e "$DIR/$folder" ] || fail "$DIR/$folder is there already"
done

# The installer of one product: scripts, settings, a key of its own.
lay_down() {
    ROOT=$DIR$KITS/$1
    mkdir -p -- "$ROOT/stand-in" &&
        cp -- "$HERE"/root/*.sh "$ROOT/" &&
        cp -- "$HERE"/lib/*.sh "$HERE/$1/product.sh" "$ROOT/stand-in/" &&
        cp -R -- "$HERE/$1/bin" "$ROOT/stand-in/bin" &&
        chmod 700 "$ROOT"/*.sh "$ROOT"/stand-in/bin/*.sh &&
        openssl rand -hex 32 > "$ROOT/stand-in/key" &&
        cat > "$ROOT/stand-in/settings" <<END
COUNTERSIGN=$COUNTERSIGN
INSTALLER=$INSTALLER
HOST_NAME=localhost
HTTPS_PORT=$HTTPS_PORT
CLIENT_AUTH_PORT=$CLIENT_AUTH_PORT
END
    [ -z "$KITS" ] || : > "$ROOT/stand-in/kit"
}

lay_down passport && cp -R -- "$HERE/../csd" "$DIR$KITS/passport/stand-in/csd" || exit 1
lay_down b2bi && cp -R -- "$HERE/../b2bi" "$DIR$KITS/b2bi/stand-in/templates" || exit 1

# Standard input goes straight into each product's own encryption.
IFS= read -r line || [ -n "$line" ] || fail "no secret came by standard input"
for product in passport b2bi; do
    (
        ROOT=$DIR$KITS/$product
        INSTALL_DIR=$DIR/$product
        . "$ROOT/stand-in/run.sh"
        # `printf` is built into the shell: the secret stands on no command line.
        printf '%s' "$line" | secret_seal > "$ROOT/stand-in/given"
        folder=$ROOT/SilentFile/$(date +%Y_%m_%d_%H_%M_%S)_install
        mkdir -p -- "$folder"
        silent_write_master > "$folder/Install_Axway_Installer_V$INSTALLER.properties"
        product_silent_file "$ROOT/stand-in/given" > "$folder/$PRODUCT_FILE"
        rm -f -- "$ROOT/stand-in/given"
    ) || exit 1
done
unset line

# The newest master silent file of a product.
master() {
    ls "$DIR$KITS/$1"/SilentFile/*/Install_Axway_Installer_V"$INSTALLER".properties | tail -n 1
}

if [ -z "$KITS" ]; then
    for product in passport b2bi; do
        console=$(master "$product")
        said=$("$DIR/$product/setup.sh" -s "$console")
        case $said in
        *Error:*) echo "$said" >&2; exit 1 ;;
        esac
        # The run left a silent file of its own, unless both were written within one second.
        [ "$console" = "$(master "$product")" ] || rm -rf -- "${console%/*}"
    done
fi

# The site's own profiles: what a person would answer to the questions of the shipped ones.
mkdir -p -- "$DIR/estate/profiles"
common_values() {
    cat <<END
# The stand-in's own profile: the values that only a site knows. Not the vendor's.
format = 1
base = 'axway/$1'

[values]
root = '$DIR/$1'
setup = '$DIR$KITS/$1/setup.sh'
configure = '$DIR/$1/configure.sh'
uninstall = '$DIR/$1/uninstall.sh'
silent_file = '$(master "$1")'
install_log = '$DIR/$1/install.log'
start = '$DIR/$1/$2/bin/start.sh'
stop = '$DIR/$1/$2/bin/stop.sh'
status = '$DIR/$1/$2/bin/status.sh'
installer_failure = '(?m)^Error:| - ERROR - '
END
}
{
    common_values passport PassPort
    cat <<END
login = '$DIR/passport/PassPort/bin/login.sh'

[[secret]]
component = 'passport'
variable = 'StandInSharedSecret'
twin = 'StandInSharedSecretConf'

[[select]]
component = 'passport'
variable = 'StandInPassPort'
value = 'true'
END
} > "$DIR/estate/profiles/passport.toml"
{
    common_values b2bi B2Bi
    cat <<END
trading_log = '$DIR/b2bi/B2Bi/logs/TE.log'
integration_log = '$DIR/b2bi/B2Bi/logs/IE.log'
registered = '\(Registration\) - registered; the certificate is in '
refused = '\(PassPortAccess\) - self-registration failed'
tables_updated = '\(Tables\) - the database tables are up to date'
maps_deployed = '\(Maps\) - map \S+ (is|was) deployed'

[[secret]]
component = 'integrator'
variable = 'StandInIntegrationSharedSecret'
twin = 'StandInIntegrationSharedSecretConf'

[[secret]]
component = 'interchange'
variable = 'StandInTradingSharedSecret'
twin = 'StandInTradingSharedSecretConf'
END
    for pair in integrator:Integrator interchange:Interchange b2bi:B2Bi b2bi-server:B2BiServer; do
        cat <<END

[[select]]
component = '${pair%:*}'
variable = 'StandIn${pair#*:}'
value = 'true'
END
    done
} > "$DIR/estate/profiles/b2bi.toml"

cat > "$DIR/answers.toml" <<END
# A change of the stand-in's secret: \`countersign configure --answers answers.toml\`. Both files stand beside the folder.
format = 1
mode = "configure"
components = ["passport", "integrator", "interchange", "b2bi", "b2bi-server"]

[estate]
dir = '$DIR/estate'

[authority]
kind = "passport"
host = "localhost"
https_port = $HTTPS_PORT
client_auth_port = $CLIENT_AUTH_PORT

[secret]
from = 'file:${DIR%/*}/new.secret'
previous_from = 'file:${DIR%/*}/current.secret'
END

echo "A stand-in of PassPort and of the B2Bi Server is in $DIR: nothing there is the vendor's."
echo "Its profiles for Countersign are in $DIR/estate/profiles, answers for a change in $DIR/answers.toml."
