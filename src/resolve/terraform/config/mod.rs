//! What is written and supplied: modules and their sources, files of values, constructs. Evaluates nothing.

pub mod blocks;
pub mod catalogue;
pub mod cdktf;
pub mod declarations;
pub mod faults;
pub mod inputs;
pub mod manifest;
pub mod module;
pub mod references;
pub mod resources;
pub mod sources;
pub mod terragrunt;
pub mod versions;
pub mod written;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use crate::source::Files;
use module::Module;

/// The modules read so far, shared by all root modules of a run.
#[derive(Default)]
pub struct Modules {
    loaded: Mutex<HashMap<PathBuf, Arc<Module>>>,
    units: OnceLock<Vec<terragrunt::Unit>>,
}

impl Modules {
    /// Lets go of the module of a folder that is done with; should something call it yet, it is read again.
    pub fn forget(&self, dir: &Path) {
        // Taking it apart is no work to do under the lock.
        let _module = self.loaded.lock().ok().and_then(|mut loaded| loaded.remove(dir));
    }

    /// The module of a folder, read once.
    pub fn load(&self, dir: &Path, files: &Files) -> Arc<Module> {
        let read = || {
            let mut module = module::load(dir, files);
            module.faults = faults::find(&module);
            Some(Arc::new(module))
        };
        self.once(dir.to_path_buf(), read).unwrap_or_default()
    }

    /// The module of a row of the catalogue, read once.
    pub fn stub(&self, row: &'static catalogue::Row, files: &Files) -> Option<Arc<Module>> {
        self.once(PathBuf::from("<catalogue>").join(row.shown()), || row.module(files))
    }

    /// The Terragrunt units that deploy, or may deploy, the module of a folder, a full path.
    pub fn units(&self, dir: &Path, files: &Files) -> impl Iterator<Item = &terragrunt::Unit> {
        self.units.get_or_init(|| terragrunt::read(files)).iter().filter(move |unit| unit.deploys(dir))
    }

    /// What was read under a name, else what `read` gives.
    fn once(&self, name: PathBuf, read: impl FnOnce() -> Option<Arc<Module>>) -> Option<Arc<Module>> {
        if let Ok(loaded) = self.loaded.lock()
            && let Some(module) = loaded.get(&name)
        {
            return Some(module.clone());
        }
        let module = read()?;
        if let Ok(mut loaded) = self.loaded.lock() {
            loaded.insert(name, module.clone());
        }
        Some(module)
    }
}
