//! Silent files as installers leave them, in the shapes that are known in public; every line is our own.

use std::path::{Path, PathBuf};

/// A plain value that must never be shown.
pub const PLAIN: &str = "hunter2/hunter2";
/// What an encrypted value looks like.
pub const ENCRYPTED: &str = "bm90IHJlYWxseSBhIHZhbA==";

/// The silent files of one run.
pub struct Files {
    /// Name and text; the master first.
    pub files: Vec<(String, String)>,
}

impl Files {
    /// Lays them down in a folder, which is made; the master's path.
    pub fn lay(&self, folder: &Path) -> PathBuf {
        std::fs::create_dir_all(folder).expect("made");
        for (name, text) in &self.files {
            std::fs::write(folder.join(name), text).expect("written");
        }
        folder.join(&self.files[0].0)
    }

    /// The same with another text in one file.
    pub fn with(mut self, file: usize, from: &str, to: &str) -> Self {
        let text = &mut self.files[file].1;
        assert!(text.contains(from), "{from} is not in {text}");
        *text = text.replacen(from, to, 1);
        self
    }
}

/// A run of an installer of this version over these products: short name, version, and what stands in its file.
fn run(installer: &str, logical_name: &str, dir: &str, products: &[(&str, &str, String)]) -> Files {
    let mut master = format!(
        "Component = Axway_Installer_V{installer}\nComponent.ComponentType = ComponentPack\nComponent.Version = {installer}\n\n\
         CreationDate = 03-02-2024 10:11\nCreationDate.Type = Date\nCreationDate.Format = dd-MM-yyyy HH:mm\n\n\
         InstMode = Install\nInstMode.Default = Install\n\nInstallDir = {dir}\nInstallDir.Type = Directory\n\n\
         {logical_name} = Main\n\nIncludeFiles =\n"
    );
    let mut files = Vec::new();
    for (name, version, text) in products {
        let file = format!("Install_{name}_V{version}.properties");
        master += &format!("IncludeFiles.{name} = {file}\n");
        let header = format!(
            "Component = {name}_V{version}\nComponent.Parent = Axway_Installer\nComponent.Version = {version}\n\
             Component.InstallerVersion = {installer}\n\n"
        );
        files.push((file, header + text));
    }
    files.insert(0, (format!("Install_Axway_Installer_V{installer}.properties"), master));
    Files { files }
}

/// Installer 4.8: PassPort, its secret and a password encrypted, each with its confirmation.
pub fn passport_4_8() -> Files {
    let kept = |name: &str| format!("{name} = {ENCRYPTED}\n{name}.Format = AES128\n");
    let text = [
        "# The server\nServerPort = 6453\nServerPort.Type = IPPortOwner\nServerPort.Min = 1024\nServerPort.Max = 65535\n\n",
        &kept("RegistrationSecret"),
        &kept("RegistrationSecretConf"),
        "RegistrationSecret.Title = Shared secret for self-registration\n\n",
        &kept("password"),
        &kept("passwordconf"),
    ]
    .concat();
    run("4.8.0", "InstallationLogicalName", "/opt/main/", &[("PassPort", "4.6.0", text)])
}

/// Installer 4.9: the B2Bi Server in one file, secrets plain, Windows line ends.
pub fn b2bi_4_9() -> Files {
    let module = |name: &str, title: &str| {
        format!("{name} = true\n{name}.Type = Module\n{name}.ModuleType = Installed\n{name}.Title = {title}\n\n")
    };
    let text = [
        &module("ModIntegrator", "Integrator"),
        &module("ModInterchange", "Interchange"),
        &module("ModShared", "B2Bi"),
        &module("ModServer", "B2Bi Server"),
        &format!("IntegratorSharedSecret = {PLAIN}\nIntegratorSharedSecretConfirm = {PLAIN}\n"),
        &format!("TradingEngineSharedSecret = {PLAIN}\nTradingEngineSharedSecretConfirmation = {PLAIN}\n"),
        "DocumentDir = D:\\\\documents\\\\in\n",
    ]
    .concat();
    let mut files = run("4.9.0", "SynchronyLogicalName", "/opt/b2bi", &[("B2Bi", "2.3.1", text)]);
    for (_, text) in &mut files.files {
        *text = text.replace('\n', "\r\n");
    }
    files
}

/// Installer 4.10: one file an engine, the same variable in both; modules tell their state only.
pub fn b2bi_4_10() -> Files {
    let engine = |id: &str, title: &str| {
        format!(
            "{id}.Type = Module\n{id}.ModuleType = NotInstalled\n{id}.LogicalName = {title}\n{id}.ParentName = B2Bi\n\n\
             SharedSecret = {ENCRYPTED}\nSharedSecret.Format = DefenceV1\n\
             SharedSecretconf = {ENCRYPTED}\nSharedSecretconf.Format = DefenceV1\n"
        )
    };
    let engines = [
        ("Integrator", "2.6.0", engine("Eng1", "Integrator")),
        ("Interchange", "6.0.0", engine("Eng2", "Interchange")),
    ];
    run("4.10.0", "InstallationLogicalName", "/opt/b2bi", &engines)
}

/// The public example of Transfer CFT 3.3.2: the authority's access management without a secret, and Central Governance
/// with its own.
pub fn cft() -> Files {
    let text = format!(
        "Component.ConfigureMode = true\nchkAM = false\nAccessManager = TransferCFT\nPassPortAMHost = localhost\n\
         PassPortAMHost.Type = HostName\nPassPortAMHost.DefaultValue = localhost\nPassPortAMHostname =\nPassPortAMPort = 6090\n\
         PassPortAMPort.Type = Integer\nPassPortAMPort.Min = 1024\nPassPortAMPort.Max = 65535\nPassPortAMPort.DefaultValue = 6090\n\
         PassPortAMDomain = Synchrony\nPassPortAMDomain.DefaultValue = Synchrony\n\
         PassPortAMDERCertificatePath = /opt/cft/runtime/conf/pki/passportCA.pem\nPassPortAMDERCertificatePath.Type = File\n\
         chkPS = false\nPassPortPSHostname =\nPassPortPSPort = 7000\n\ngovernance = governanceCG\nchkCFTNavigator = true\n\
         CFTNavigatorHostname = cg.example\nCFTNavigatorPort = 12553\nCFTNavigatorSharedSecret = {PLAIN}\n\
         CFTNavigatorSharedSecretConf = {PLAIN}\nCFTNavigatorRegID = -1\nCGConfPolicy =\nCGUseCustomCA = false\n\
         password = {ENCRYPTED}\npassword.Format = AES128\npasswordconf = {ENCRYPTED}\npasswordconf.Format = AES128\n"
    );
    run("4.10.0", "InstallationLogicalName", "/opt/cft", &[("Transfer_CFT", "3.3.2", text)])
}

/// The public example of `SecureTransport` 5.4: on Windows, without a secret.
pub fn secure_transport() -> Files {
    let text = "Component.ConfigureMode = false\nST_HOME = C:\\\\Axway\\\\SecureTransport\nST_HOME.Type = Directory\nHttpPort = 80\n";
    run("4.8.0", "InstallationLogicalName", "C:\\\\Axway\\\\", &[("SecureTransport", "5.4", text.to_owned())])
}
