//! Which product a step touches, as a person sorts them.

use std::path::Path;

use super::Step;
use crate::profile::{Profile, authority_name, known};

impl Step {
    /// The product that it touches, by its name for people; `None` for what is of the estate as a whole.
    pub fn product(&self, estate: &Path) -> Option<String> {
        let name = |profile: &'static Profile| profile.product.name.clone();
        let by = |wanted: &dyn Fn(&Profile) -> bool| known().iter().find(|profile| wanted(profile)).map(name);
        let of_component = |id: &str| by(&|profile| profile.component.iter().any(|component| component.id == id));
        let of_name = |called: &str| {
            by(&|profile| {
                profile.product.name == called || profile.component.iter().any(|component| component.name == called)
            })
        };
        let of_path = |path: &Path| by(&|profile| path.starts_with(estate.join(&profile.product.home)));
        match self {
            Self::MakeHome { name, .. }
            | Self::MakeFolders { name, .. }
            | Self::Connect { name, .. }
            | Self::SeeKept { name, .. }
            | Self::WriteSecret { name, .. } => of_name(name),
            Self::CreateFile { path, .. }
            | Self::EditFile { path, .. }
            | Self::SetValues { path, .. }
            | Self::MoveAside { path, .. }
            | Self::RemoveFolder { path } => of_path(path),
            Self::CreatePlace { component, .. } => of_component(component),
            Self::Register { site, .. } => of_path(&site.conf),
            Self::Start(process) | Self::Stop(process) | Self::SeeRefused(process) => of_component(&process.component),
            Self::RunInstaller(run) => Some(run.name.clone()),
            Self::SetSecret { .. }
            | Self::ImportComponent { .. }
            | Self::AddNext { .. }
            | Self::Promote { .. }
            | Self::ReplaceSecret { .. }
            | Self::SettleSecret { .. }
            | Self::Revoke { .. }
            | Self::RemoveComponent { .. } => Some(authority_name().to_owned()),
            Self::Probe { .. } | Self::Check | Self::Verify => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Settings, install};
    use crate::wizard::Answers;

    #[test]
    fn an_installation_goes_from_the_authority_to_the_engines() {
        let estate = Path::new("/srv/estate");
        let plan = install(&Settings::new(estate.into(), &Answers::default()), "");
        let mut products: Vec<_> = plan.steps.iter().map(|step| step.product(estate)).collect();
        products.dedup();
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(products, [named("PassPort"), named("B2Bi Server"), None, named("B2Bi Server"), None]);
    }
}
