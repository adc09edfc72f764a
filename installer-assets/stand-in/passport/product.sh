# Part of a stand-in, not the vendor's: what its installer does with PassPort. The server underneath is Countersign's own
# open authority; the configured secret is kept encrypted, and start.sh hands it over.

PRODUCT=PassPort
VERSION=4.6.0
PRODUCT_FILE=Install_${PRODUCT}_V$VERSION.properties
PRODUCT_HOME=$ROOT/PassPort
SECRET_FILE=$PRODUCT_HOME/conf/shared-secret.enc

product_check() {
    [ "$(silent_get StandInPassPort)" = true ] || { echo "the module PassPort is not selected"; return 1; }
    if [ "$1" = install ]; then
        [ ! -e "$PRODUCT_HOME" ] || { echo "PassPort is installed already"; return 1; }
    else
        [ -d "$PRODUCT_HOME" ] || { echo "PassPort is not installed"; return 1; }
    fi
    silent_check_secret StandInSharedSecret StandInSharedSecretConf
}

product_install() {
    "$COUNTERSIGN" passport init --home "$PRODUCT_HOME" --host "$(silent_get StandInHost)" \
        --https-port "$(silent_get StandInHttpsPort)" --client-auth-port "$(silent_get StandInClientAuthPort)" &&
        half_way &&
        "$COUNTERSIGN" passport component import --home "$PRODUCT_HOME" "$ROOT/stand-in/csd/integrator.xml" &&
        "$COUNTERSIGN" passport component import --home "$PRODUCT_HOME" "$ROOT/stand-in/csd/interchange.xml" &&
        cp -R -- "$ROOT/stand-in/bin" "$PRODUCT_HOME/bin" &&
        product_keep
}

product_configure() {
    product_keep && half_way
}

product_keep() {
    silent_plain StandInSharedSecret | secret_seal > "$SECRET_FILE.new" && mv -- "$SECRET_FILE.new" "$SECRET_FILE"
}

product_silent_file() {
    cat <<END
# Written by a stand-in of the Axway Installer, not by the vendor's.
Component = $PRODUCT
Component.Parent = Axway_Installer
Component.Version = $VERSION
Component.LongName = PassPort (stand-in)
Component.InstallerVersion = $INSTALLER
Component.ConfigureMode = true


StandInPassPort = true
StandInPassPort.Type = Module
StandInPassPort.ModuleType = $(product_module_type)
StandInPassPort.LogicalName = PassPort
StandInPassPort.ParentName = Axway_Installer
StandInPassPort.Title = PassPort


StandInHost = ${HOST_NAME}
StandInHost.Type = HostName
StandInHost.DefaultValue = localhost


StandInHttpsPort = $HTTPS_PORT
StandInHttpsPort.Type = IPPortOwner
StandInHttpsPort.Min = 1
StandInHttpsPort.Max = 65535
StandInHttpsPort.DefaultValue = 6453


StandInClientAuthPort = $CLIENT_AUTH_PORT
StandInClientAuthPort.Type = IPPortOwner
StandInClientAuthPort.Min = 1
StandInClientAuthPort.Max = 65535
StandInClientAuthPort.DefaultValue = 6666


END
    silent_write_secret StandInSharedSecret "${1:-$SECRET_FILE}"
}

product_module_type() {
    if [ -d "$PRODUCT_HOME" ]; then echo Installed; else echo NotInstalled; fi
}
