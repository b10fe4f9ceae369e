//! What this process has seen of each file so far, so that few files are read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Place;

thread_local!(static SEEN: RefCell<Seen> = RefCell::default());

/// Whether what is called so has been seen elsewhere in the file.
pub(super) fn again(place: &Place, name: &str) -> bool {
    SEEN.with_borrow_mut(|seen| {
        let file = seen.file(&place.path);
        seen.again(file, place, name)
    })
}

/// The same of a handler, and whether a module of its name may stand in the file, as far as the files beside it and the modules that were
/// seen tell.
pub(super) fn handler(place: &Place, name: &str) -> (bool, bool) {
    SEEN.with_borrow_mut(|seen| {
        let file = seen.file(&place.path);
        (seen.again(file, place, name), seen.files[file].1.iter().any(|module| module == name))
    })
}

/// A module of this name stands in the file.
pub(super) fn module(place: &Place, name: String) {
    SEEN.with_borrow_mut(|seen| {
        let file = seen.file(&place.path);
        let modules = &mut seen.files[file].1;
        if !modules.contains(&name) {
            modules.push(name);
        }
    });
}

/// What has been seen of the files so far.
#[derive(Default)]
struct Seen {
    /// Each with what its modules can be called.
    files: Vec<(PathBuf, Vec<String>)>,
    /// The file by its number, line and column.
    places: HashMap<String, Vec<(usize, usize, usize)>>,
}

impl Seen {
    fn file(&mut self, path: &Path) -> usize {
        // As texts, since paths are compared name by name; the last file first, since files are expanded one by one.
        let known = self.files.iter().rposition(|(known, _)| known.as_os_str() == path.as_os_str());
        known.unwrap_or_else(|| {
            self.files.push((path.to_owned(), modules_beside(path)));
            self.files.len() - 1
        })
    }

    fn again(&mut self, file: usize, at: &Place, name: &str) -> bool {
        let places = self.places.entry(name.to_owned()).or_default();
        let here = (file, at.line, at.column);
        if !places.contains(&here) {
            places.push(here);
        }
        places.iter().filter(|place| place.0 == file).count() > 1
    }
}

/// What the modules of a file can be called that have files of their own: beside it, or in a folder of its name.
fn modules_beside(path: &Path) -> Vec<String> {
    let folders = path.parent().into_iter().map(Path::to_owned).chain([path.with_extension("")]);
    // The one of a file at the top is the folder where cargo is.
    let folders =
        folders.map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder });
    let entries = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.map(|name| name.strip_suffix(".rs").unwrap_or(&name).to_owned()).collect()
}
