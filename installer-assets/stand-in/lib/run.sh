# Part of a stand-in, not the vendor's: one run of its installer, with the console output and the log that the public
# documents show. There is no contract about exit codes, so every run ends with 0: Summary and log tell.
#
# Needs ROOT, the installation's root folder.

PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077

. "$ROOT/stand-in/settings"
. "$ROOT/stand-in/secret.sh"
. "$ROOT/stand-in/silent.sh"
. "$ROOT/stand-in/product.sh"

# A run: run <install|configure> -s <absolute path of the master silent file>
run() {
    action=$1
    [ "${2-}" = -s ] || refuse "this stand-in knows the silent mode only: -s <absolute path of the installer's silent file>"
    echo "Initialization in progress (stand-in of the Axway Installer $INSTALLER)"
    echo "...."
    log INFO "$action begins with the silent file ${3-}"
    why=$(silent_open "${3-}") || refuse "$why"
    # Once more, out of the subshell: it sets what the rest reads.
    silent_open "$3"
    [ ! -f "$ROOT/stand-in/kit" ] || from_kit "$@"
    why=$(product_check "$action") || refuse "$why"
    echo "Please wait while execution process is being prepared!"
    echo "...."
    if fault print-success-write-failure; then
        log ERROR "$action failed: the fault print-success-write-failure was asked for"
        summary "Product: ${PRODUCT}_V$VERSION"
        exit 0
    fi
    "product_$action" > "$ROOT/stand-in/last-error" 2>&1 || refuse "$(tail -n 1 "$ROOT/stand-in/last-error")"
    silent_record "$action"
    log INFO "$action of ${PRODUCT}_V$VERSION is complete"
    summary "Product: ${PRODUCT}_V$VERSION"
}

# An unpacked kit installs itself into the folder that the silent file names, and goes on there.
from_kit() {
    folder=$(silent_get InstallDir)
    folder=${folder%/}
    case $folder in
    /*) ;;
    *) refuse "InstallDir is no absolute path" ;;
    esac
    [ ! -e "$folder" ] || refuse "$folder is there already"
    mkdir -p -- "$folder" && cp -R -- "$ROOT"/*.sh "$ROOT/stand-in" "$folder/" || refuse "$folder cannot be written"
    [ ! -f "$ROOT/faults" ] || mv -- "$ROOT/faults" "$folder/"
    mv -- "$folder/stand-in/kit" "$folder/stand-in/from-kit"
    shift
    exec "$folder/setup.sh" "$@"
}

# What every run ends with.
summary() {
    echo "Summary"
    echo "The information below summarizes the installation status. Refer to install.log for more details."
    echo
    echo "Axway_Installer_V$INSTALLER (stand-in)"
    echo "Installed in $ROOT/"
    echo "$1"
}

# Ends a run that failed.
refuse() {
    log ERROR "$action failed: $1"
    summary "Error: $1"
    exit 0
}

log() {
    echo "$(date '+%Y-%m-%d %H:%M:%S') - $1 - $2" >> "$ROOT/install.log"
}

# For tests: does what the file `faults` beside setup.sh asks for, half-way through an act.
half_way() {
    if fault fail-half; then
        echo "the fault fail-half was asked for: only a part was done"
        return 1
    fi
    if fault die; then
        kill -9 $$
    fi
    if fault hang; then
        log INFO "the fault hang was asked for: waiting for nobody"
        # The run goes on when something is written into this pipe. Whoever made the other one is told.
        rm -f -- "$ROOT/stand-in/go-on"
        mkfifo -- "$ROOT/stand-in/go-on"
        [ ! -p "$ROOT/hangs" ] || echo hangs > "$ROOT/hangs"
        cat -- "$ROOT/stand-in/go-on"
    fi
}

# Whether the file `faults` has this word on a line. That line is taken out, so that it happens once; a line
# `always <word>` stays.
fault() {
    [ -f "$ROOT/faults" ] || return 1
    ! grep -qx "always $1" "$ROOT/faults" || return 0
    grep -qx "$1" "$ROOT/faults" || return 1
    grep -vx "$1" "$ROOT/faults" > "$ROOT/stand-in/faults" || :
    if [ -s "$ROOT/stand-in/faults" ]; then mv -- "$ROOT/stand-in/faults" "$ROOT/faults"; else rm -- "$ROOT/stand-in/faults" "$ROOT/faults"; fi
}
