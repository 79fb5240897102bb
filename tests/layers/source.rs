//! The source files of the crate, and what each imports.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub struct Source {
    pub path: PathBuf,
    /// The module, such as `domain::chat`; empty for the root of the crate.
    pub module: String,
    /// The text without comments and tests.
    pub code: String,
}

/// Every file below src.
pub fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    collect(Path::new("src"), &mut found);
    assert!(found.len() > 20, "the sources are not where they are looked for");
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let names: Vec<&str> = path.iter().skip(1).map(|name| name.to_str().unwrap()).collect();
            let module = names.join("::").trim_end_matches(".rs").to_owned();
            let module = if module == "lib" { String::new() } else { module };
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let code: Vec<&str> = code.lines().map(|line| line.split("//").next().unwrap()).collect();
            found.push(Source { module, code: code.join("\n"), path });
        }
    }
}

impl Source {
    /// The top-level module of the file.
    pub fn top(&self) -> &str {
        self.module.split("::").next().unwrap()
    }

    /// All paths in the code: those of `use` trees, and others, resolved if a `use` imports their first segment. A `mod` line
    /// has no path.
    pub fn paths(&self) -> BTreeSet<String> {
        let mut names: HashMap<String, String> = HashMap::new();
        let mut found = BTreeSet::new();
        let mut rest = String::new();
        for statement in self.code.split_inclusive(';') {
            match use_tree(statement) {
                Some((before, tree)) => {
                    rest.push_str(before);
                    for (path, name) in leaves(tree) {
                        let path = self.absolute(&path);
                        names.insert(name, path.clone());
                        found.insert(path);
                    }
                }
                None => rest.push_str(statement),
            }
        }
        for path in written_paths(&rest) {
            let (first, after) = path.split_once("::").unwrap();
            match names.get(first) {
                Some(meaning) => found.insert(format!("{meaning}::{after}")),
                None => found.insert(self.absolute(&path)),
            };
        }
        found
    }

    /// Makes a path absolute. A path that does not begin with `crate`, `self` or `super` belongs to another crate or to a child.
    fn absolute(&self, path: &str) -> String {
        let mut base: Vec<&str> = self.module.split("::").collect();
        let mut segments = path.split("::").peekable();
        match segments.peek() {
            Some(&"self") => drop(segments.next()),
            Some(&"super") => {
                while segments.next_if_eq(&"super").is_some() {
                    base.pop();
                }
            }
            _ => return path.to_owned(),
        }
        ["crate"].into_iter().chain(base).chain(segments).collect::<Vec<_>>().join("::")
    }
}

/// The text before a `use` statement, and its tree; `None` for any other statement.
fn use_tree(statement: &str) -> Option<(&str, &str)> {
    let begin = statement
        .match_indices("use ")
        .map(|(at, _)| at)
        .find(|at| statement[..*at].chars().next_back().is_none_or(char::is_whitespace))?;
    // A string literal may contain the word too.
    let tree = statement[begin + "use ".len()..].strip_suffix(';')?;
    tree.chars()
        .all(|c| c.is_alphanumeric() || c.is_whitespace() || "_:{},*".contains(c))
        .then_some((&statement[..begin], tree))
}

/// The paths of a `use` tree, and the name that each imports.
fn leaves(tree: &str) -> Vec<(String, String)> {
    let tree = tree.trim();
    let Some((prefix, group)) = tree.split_once('{') else {
        let (path, name) = match tree.split_once(" as ") {
            Some((path, name)) => (path.trim(), name.trim()),
            None => (tree, tree.rsplit("::").next().unwrap()),
        };
        return vec![(path.to_owned(), name.to_owned())];
    };
    let group = group.trim_end().strip_suffix('}').unwrap();
    let (mut depth, mut branches) = (0, vec![String::new()]);
    for c in group.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            branches.push(String::new());
        } else {
            branches.last_mut().unwrap().push(c);
        }
    }
    let within = |(path, name): (String, String)| match path.as_str() {
        "self" => {
            let whole = prefix.trim_end_matches("::");
            (whole.to_owned(), whole.rsplit("::").next().unwrap().to_owned())
        }
        _ => (format!("{prefix}{path}"), name),
    };
    branches.iter().filter(|branch| !branch.trim().is_empty()).flat_map(|branch| leaves(branch)).map(within).collect()
}

/// The paths of at least two segments in code without `use` statements.
fn written_paths(code: &str) -> Vec<String> {
    let is_of_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    code.split(|c: char| !is_of_path(c))
        .map(|path| path.trim_matches(':'))
        .filter(|path| path.contains("::"))
        .map(str::to_owned)
        .collect()
}

/// For each module, the modules that it imports from.
pub fn imports(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let modules: BTreeSet<&str> = sources.iter().map(|file| file.module.as_str()).collect();
    // The file with the longest prefix of the path.
    let resolve = |file: &Source, path: &str| -> Option<String> {
        let full = match path.strip_prefix("crate::") {
            Some(path) => path.to_owned(),
            None if file.module.is_empty() => path.to_owned(),
            None => {
                let child = format!("{}::{}", file.module, path.split("::").next().unwrap());
                modules.contains(child.as_str()).then(|| format!("{}::{path}", file.module))?
            }
        };
        let mut segments: Vec<&str> = full.split("::").collect();
        while !segments.is_empty() {
            let module = segments.join("::");
            if modules.contains(module.as_str()) {
                return (module != file.module).then_some(module);
            }
            segments.pop();
        }
        None
    };
    sources
        .iter()
        .map(|file| (file.module.clone(), file.paths().iter().filter_map(|path| resolve(file, path)).collect()))
        .collect()
}

/// The strongly connected components of more than one module.
pub fn circles(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reach = |from: &String| {
        let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(module) = open.pop() {
            open.extend(imports[module].iter().filter(|next| reached.insert((*next).clone())));
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = imports.keys().map(|module| (module, reach(module))).collect();
    let circle = |(module, others): (&&String, &BTreeSet<String>)| -> Vec<String> {
        others.iter().filter(|other| reached.get(other).is_some_and(|back| back.contains(*module))).cloned().collect()
    };
    let circles: BTreeSet<Vec<String>> = reached.iter().map(circle).filter(|circle| circle.len() > 1).collect();
    circles.into_iter().collect()
}
