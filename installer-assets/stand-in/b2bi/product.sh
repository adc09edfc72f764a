# Part of a stand-in, not the vendor's: what its installer does with the B2Bi Server. The engines underneath are
# Countersign's own open engines; the secrets are kept encrypted, and start.sh hands them over for the start only.

PRODUCT=B2Bi
VERSION=2.3.1
PRODUCT_FILE=Install_${PRODUCT}_V$VERSION.properties
PRODUCT_HOME=$ROOT/B2Bi
INTEGRATION_SECRET=$PRODUCT_HOME/Integrator/conf/shared-secret.enc
TRADING_SECRET=$PRODUCT_HOME/Interchange/conf/shared-secret.enc
MODULES="Integrator Interchange B2Bi B2BiServer"

product_check() {
    selected=
    missing=
    for module in $MODULES; do
        if [ "$(silent_get "StandIn$module")" = true ]; then selected="$selected $module"; else missing="$missing $module"; fi
    done
    [ -n "$selected" ] || { echo "no module is selected"; return 1; }
    [ -z "$missing" ] || { echo "the update needs all four modules, and these are not selected:$missing"; return 1; }
    if [ "$1" = install ]; then
        [ ! -e "$PRODUCT_HOME" ] || { echo "B2Bi is installed already"; return 1; }
    else
        [ -d "$PRODUCT_HOME" ] || { echo "B2Bi is not installed"; return 1; }
    fi
    silent_check_secret StandInIntegrationSharedSecret StandInIntegrationSharedSecretConf &&
        silent_check_secret StandInTradingSharedSecret StandInTradingSharedSecretConf
}

product_install() {
    mkdir -p -- "$PRODUCT_HOME/data" "$PRODUCT_HOME/logs" "$PRODUCT_HOME/run" "$PRODUCT_HOME/Integrator/out" \
        "$PRODUCT_HOME/Interchange/in" "$PRODUCT_HOME/Interchange/rejected" &&
        cp -R -- "$ROOT/stand-in/templates/." "$PRODUCT_HOME/" &&
        half_way &&
        product_connect Integrator && product_connect Interchange &&
        cp -R -- "$ROOT/stand-in/bin" "$PRODUCT_HOME/bin" &&
        product_keep
}

product_configure() {
    product_keep half_way
}

# The secret of one engine, then of the other: a fault in between leaves one engine behind.
product_keep() {
    silent_plain StandInIntegrationSharedSecret | secret_seal > "$INTEGRATION_SECRET" &&
        ${1:-:} &&
        silent_plain StandInTradingSharedSecret | secret_seal > "$TRADING_SECRET"
}

# Where its PassPort is: read by the engine once, at its first start.
product_connect() {
    defaults=$PRODUCT_HOME/$1/conf/passportintegrationdefaults.xml
    sed -e "s/{host}/$(silent_get StandInPassPortHost)/" -e "s/{https_port}/$(silent_get StandInPassPortHttpsPort)/" \
        -e "s/{client_auth_port}/$(silent_get StandInPassPortClientAuthPort)/" -e 's/{domain}/Synchrony/' \
        -- "$defaults" > "$defaults.new" && mv -- "$defaults.new" "$defaults" && product_signed_by_passport
}

# Who signs the certificates of both engines.
product_signed_by_passport() {
    shared=$PRODUCT_HOME/common/conf/b2bi.toml
    sed -e 's/{authority_kind}/embedded/' -e 's/{authority_label}//' -e 's/{authority_certificate}//' -- "$shared" \
        > "$shared.new" && mv -- "$shared.new" "$shared"
}

product_silent_file() {
    cat <<END
# Written by a stand-in of the Axway Installer, not by the vendor's.
Component = $PRODUCT
Component.Parent = Axway_Installer
Component.Version = $VERSION
Component.LongName = B2Bi Server (stand-in)
Component.InstallerVersion = $INSTALLER
Component.ConfigureMode = true


END
    for module in $MODULES; do
        cat <<END
StandIn$module = true
StandIn$module.Type = Module
StandIn$module.ModuleType = $(product_module_type)
StandIn$module.LogicalName = $module
StandIn$module.ParentName = B2Bi
StandIn$module.Title = $module


END
    done
    cat <<END
StandInPassPortHost = $HOST_NAME
StandInPassPortHost.Type = HostName
StandInPassPortHost.DefaultValue = localhost


StandInPassPortHttpsPort = $HTTPS_PORT
StandInPassPortHttpsPort.Type = Integer
StandInPassPortHttpsPort.Min = 1
StandInPassPortHttpsPort.Max = 65535
StandInPassPortHttpsPort.DefaultValue = 6453


StandInPassPortClientAuthPort = $CLIENT_AUTH_PORT
StandInPassPortClientAuthPort.Type = Integer
StandInPassPortClientAuthPort.Min = 1
StandInPassPortClientAuthPort.Max = 65535
StandInPassPortClientAuthPort.DefaultValue = 6666


END
    silent_write_secret StandInTradingSharedSecret "${1:-$TRADING_SECRET}"
    echo
    echo
    silent_write_secret StandInIntegrationSharedSecret "${1:-$INTEGRATION_SECRET}"
}

product_module_type() {
    if [ -d "$PRODUCT_HOME" ]; then echo Installed; else echo NotInstalled; fi
}
