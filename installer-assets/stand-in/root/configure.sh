#!/bin/sh
# Configures the product of this folder: configure.sh -s <absolute path of Install_Axway_Installer_V<version>.properties>
# A stand-in for trying Countersign, not the vendor's.
ROOT=$(CDPATH= cd -- "${0%/*}" && pwd -P) || exit 1
. "$ROOT/stand-in/run.sh"
run configure "$@"
