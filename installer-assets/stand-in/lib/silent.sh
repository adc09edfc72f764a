# Part of a stand-in, not the vendor's: silent files as the public documents describe them.
#
# A master file includes one file for each product (IncludeFiles.<Product> = <file>). A row is `Variable = Value`, blanks
# around both are trimmed, `#` begins a comment; `Variable.Property = Value` tells of the variable. A value whose `.Format`
# is AES128 is encrypted, one without `.Format` is plain.

# Opens the tree of a master file. Says why not, and fails, when it cannot be used.
silent_open() {
    case $1 in
    /*) ;;
    *) echo "the path of the silent file must be absolute"; return 1 ;;
    esac
    [ -f "$1" ] || { echo "the silent file $1 does not exist"; return 1; }
    case ${1##*/} in
    Install_Axway_Installer_V*.properties) ;;
    *) echo "the silent file must be the installer's own, Install_Axway_Installer_V<version>.properties"; return 1 ;;
    esac
    silent_folder=$(dirname -- "$1")
    silent_master=$(basename -- "$1")
    silent_products=$(silent_rows "$silent_master" | sed -n 's/^IncludeFiles\.[^=]*[^=[:blank:]][[:blank:]]*=[[:blank:]]*//p')
    [ -n "$silent_products" ] || { echo "$silent_master includes no file of a product"; return 1; }
    for silent_product in $silent_products; do
        case $silent_product in
        */* | *[!A-Za-z0-9_.-]*) echo "$silent_product is no name of an included file"; return 1 ;;
        esac
        [ -f "$silent_folder/$silent_product" ] || { echo "$silent_product is included and does not exist"; return 1; }
    done
    silent_twice=$(silent_all | sed 's/[[:blank:]]*=.*//' | sort | uniq -d | grep -v -e '^Component' -e '^$' | head -n 1)
    [ -z "$silent_twice" ] || { echo "the variable $silent_twice stands there twice"; return 1; }
}

# The rows of one file of the tree: no comments, no ends of lines from Windows, no blanks around.
silent_rows() {
    tr -d '\r' < "$silent_folder/$1" | sed -e 's/^[[:blank:]]*//' -e 's/[[:blank:]]*$//' -e '/^#/d' -e '/=/!d'
}

# The rows of all files of the tree.
silent_all() {
    for silent_file in "$silent_master" $silent_products; do
        silent_rows "$silent_file"
    done
}

# The value of a variable; nothing when it is missing or empty.
silent_get() {
    silent_all | sed -n "s/^$(echo "$1" | sed 's/\./\\./g')[[:blank:]]*=[[:blank:]]*//p"
}

# The plain value of a variable that holds a secret. Only `sed` and `openssl` ever carry it, by pipes.
silent_plain() {
    case $(silent_get "$1.Format") in
    '') silent_get "$1" | tr -d '\n' ;;
    *) silent_get "$1" | secret_open ;;
    esac
}

# Whether a secret and its confirmation can be used; says why not.
silent_check_secret() {
    for silent_name in "$1" "$2"; do
        case $(silent_get "$silent_name.Format") in
        '' | AES128) ;;
        *) echo "$silent_name has a format that is not known"; return 1 ;;
        esac
        [ -n "$(silent_plain "$silent_name" 2>/dev/null)" ] || { echo "$silent_name holds no value that can be read"; return 1; }
    done
    [ "$(silent_plain "$1")" = "$(silent_plain "$2")" ] || { echo "$1 and $2 are not the same"; return 1; }
}

# Writes the files of a run: silent_record <install|configure>. The secrets in them are encrypted.
silent_record() {
    mkdir -p -- "$ROOT/SilentFile"
    silent_dir=$ROOT/SilentFile/$(date +%Y_%m_%d_%H_%M_%S)_$1
    # The folder is named after the second; one that is there is of a run just before.
    until mkdir -- "$silent_dir"; do
        sleep 0.2
        silent_dir=$ROOT/SilentFile/$(date +%Y_%m_%d_%H_%M_%S)_$1
    done 2> /dev/null
    silent_write_master > "$silent_dir/Install_Axway_Installer_V$INSTALLER.properties"
    product_silent_file > "$silent_dir/$PRODUCT_FILE"
}

silent_write_master() {
    case $INSTALLER in
    4.9.*) logical_name=SynchronyLogicalName ;;
    *) logical_name=InstallationLogicalName ;;
    esac
    cat <<END
# Written by a stand-in of the Axway Installer, not by the vendor's.
Component = Axway_Installer
Component.ComponentType = ComponentPack
Component.Parent = 
Component.Version = $INSTALLER
Component.LongName = Stand-in of the Axway Installer


CreationDate = $(date '+%d-%m-%Y %H:%M')
CreationDate.Type = Date
CreationDate.Format = dd-MM-yyyy HH:mm


IntegrationDir = Axway_Installer_V$INSTALLER
IntegrationDir.Type = Directory


InstallMode = Standard


InstMode = Install
InstMode.Default = Install


InstallDir = ${INSTALL_DIR:-$ROOT}/
InstallDir.Type = Directory


$logical_name = StandIn


AllAxwayComps32 = false


AllAxwayComps64 = true


IncludeFiles = 
IncludeFiles.$PRODUCT = $PRODUCT_FILE
END
}

# One variable of a product's file that holds a secret: silent_write_secret <variable> <file with the encrypted value>
silent_write_secret() {
    for silent_name in "$1" "${1}Conf"; do
        echo "$silent_name = $(cat -- "$2")"
        echo "$silent_name.Format = AES128"
    done
}
