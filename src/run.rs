//! A whole run: what was asked for, through every stage, to one outcome.
//!
//! Threads are used only here and in the walk. Units are resolved and judged side by side; everything is sorted before
//! it leaves, so that the number of threads changes nothing.

mod accounts;
mod apps;
mod asked;
mod before;
mod deployed;
mod fix;
mod settings;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use self::asked::{Asked, Read};
use crate::cli::Options;
use crate::config::Configs;
use crate::discover::{self, Discovered, ModuleDir};
use crate::judge::finding::{Cause, Finding, Level, Outcome, Summary};
use crate::judge::{self, Judged, Single};
use crate::key::Mode;
use crate::parse::tree::Node;
use crate::problem::{Place, ProblemKind};
use crate::resolve::Request;
use crate::resolve::dispatch::{Job, Modules, Plan};
use crate::resolve::scenario::{self, Scenario};
use crate::source::Files;
use crate::span::FileId;
use accounts::{Accounts, Shared};
use deployed::Deployed;

/// Why a run cannot be made at all; the exit code is 2.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Standard input, the working directory or the thread pool failed.
    #[error("{0}")]
    System(String),
    /// A flag names something that is not there, or that cannot be read.
    #[error("{0}")]
    Usage(String),
}

pub use fix::{Changed, Fixes, fixes, write as write_fixes};

/// How much stack each thread has: evaluation nests as deep as its own limit allows.
const STACK_BYTES: usize = 256 << 20;

/// Runs every stage. `progress` is told how many units there are and, one by one, that a unit is done.
pub fn examine(
    options: &Options,
    files: &Files,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Outcome, RunError> {
    let mut configs = Configs::of_request(options, files).map_err(RunError::Usage)?;
    examine_with(options, &mut configs, files, progress)
}

/// The same with the configuration files of the request, to which those nearer to a unit are added.
pub fn examine_with(
    options: &Options,
    configs: &mut Configs,
    files: &Files,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Outcome, RunError> {
    let mut outcome = judged(options, configs, files, progress, true)?;
    before::tell(options, files, &mut outcome, progress)?;
    Ok(outcome)
}

/// Every stage up to the judgement and what is approved of it. What a flag names has a meaning here only where `strict`.
fn judged(
    options: &Options,
    configs: &mut Configs,
    files: &Files,
    progress: &(dyn Fn(usize) + Sync),
    strict: bool,
) -> Result<Outcome, RunError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.unwrap_or(0))
        .stack_size(STACK_BYTES)
        .build()
        .map_err(|e| RunError::System(format!("no threads can be started: {e}")))?;
    pool.install(|| examine_here(options, configs, files, progress, strict))
}

fn examine_here(
    options: &Options,
    configs: &mut Configs,
    files: &Files,
    progress: &(dyn Fn(usize) + Sync),
    strict: bool,
) -> Result<Outcome, RunError> {
    let virtual_files = if options.stdin { vec![values::read_stdin(options, files)?] } else { Vec::new() };
    let inputs = values::inputs(options, files)?;
    let exclude = settings::exclude(options, configs, files, strict)?;
    let paths = options.paths.iter().map(|path| settings::about(path)).collect();
    let walk = discover::Request { paths, virtual_files, exclude };
    let mut found = discover::discover(&walk, files);
    settings::nearer(&mut found, options, configs, files, strict)?;
    let modules = Modules::default();
    let mut undeclared = Vec::new();
    let named = named_variables(&mut found, files, &modules, &mut undeclared);
    let request = Request { files, modules: &modules, inputs: &inputs };
    let plan = Plan::new(&found, request);
    if strict {
        plan.declared(request).map_err(RunError::Usage)?;
    }
    let mut remarks = apps::not_synthesized(&found, files);
    let mut scenarios = values::scenarios(options, configs, &plan, request, strict, &mut remarks)?;
    let loose = named.iter().filter_map(|path| Scenario::read(path, files, &inputs).ok()).flatten();
    scenarios.extend(loose.map(|scenario| (scenario, None)));
    let asked = if found.data { Asked::new(&found.named_files, files) } else { Asked::default() };
    let work = work(&plan, &scenarios, configs, request);
    let accounts = Accounts::new(configs, files)?;
    let groups: Vec<Option<usize>> =
        work.iter().map(|(job, _)| accounts.of(job.path())).collect::<Result<_, _>>()?;
    progress(work.len());
    let judged: Vec<Answer> = work
        .par_iter()
        .zip(&groups)
        .map(|(&(job, scenario), &group)| {
            let supplied = Request { inputs: scenario.map_or(&inputs, |s| &s.inputs), ..request };
            let asked = (&asked, plan.counts_if_read(job));
            let shared = group.map(|group| (group, accounts.id(group)));
            let mut answers = judge_job(job, supplied, asked, shared);
            if scenario.is_none() {
                supplied_nearby(job, &mut answers, &found.variables, request);
                passed_nearby(job, &mut answers, files, &modules);
            }
            for finding in answers.iter_mut().flat_map(|a| &mut a.judged.findings) {
                finding.scenario = scenario.map(|s| s.name.clone());
            }
            progress(0);
            answers
        })
        .flatten()
        .collect();
    let read = Read::all(judged.iter().map(|answer| &answer.read));
    // A root module that reads it says what it is.
    let by_roots = Read::all(judged.iter().filter(|answer| !answer.template).map(|answer| &answer.read));
    let known = |answer: &Answer| {
        let own = |path: &&PathBuf| files.display(path) == answer.unit.0;
        answer.template && found.by_text.iter().find(own).is_some_and(|path| by_roots.holds(path))
    };
    let judged = judged.into_iter().filter(|answer| !known(answer)).collect();
    let (mut outcome, looked) = collect(judged, &accounts);
    outcome.incomplete.extend(found.problems);
    outcome.incomplete.extend(plan.problems);
    outcome.summary.units += plan.without_keys.len();
    outcome.remarks.extend(remarks);
    let without_files = found.without_files.iter();
    outcome
        .remarks
        .extend(without_files.map(|path| format!("{path}: no file in it is of a kind that is read")));
    let unread = found.of_no_kind.iter().filter(|path| !read.may_hold(path)).map(|path| files.display(path));
    let of_no_kind =
        |path: String| format!("{path}: not of a kind that is read, and no root module reads it");
    outcome.remarks.extend(unread.map(of_no_kind));
    // A file of variables may be data that a function reads.
    let undeclared = undeclared.iter().filter(|path| !read.may_hold(path)).map(|path| files.display(path));
    let says = |path: String| format!("{path}: no root module here declares its variables");
    outcome.remarks.extend(undeclared.map(says));
    if found.walked {
        let unmet = walk.exclude.unmet().map(|pattern| format!("--exclude {pattern} leaves nothing out"));
        outcome.remarks.extend(unmet);
    }
    finish(&mut outcome, files);
    accounts.order(&mut outcome, files);
    settings::settle(&mut outcome, &looked, options, configs, files);
    Ok(outcome)
}

/// Every unit with every scenario that is for it, or once without.
fn work<'a>(
    plan: &'a Plan,
    scenarios: &'a [(Scenario, Option<PathBuf>)],
    configs: &Configs,
    request: Request,
) -> Vec<(&'a Job, Option<&'a Scenario>)> {
    let mut work = Vec::new();
    for job in &plan.jobs {
        let before = work.len();
        let holds = |from: &Option<PathBuf>| {
            from.as_ref().is_none_or(|folder| configs.at(job.path()).is_some_and(|c| c.folder == *folder))
        };
        let own = scenarios.iter().filter(|(s, from)| holds(from) && s.is_for(job, request));
        work.extend(own.map(|(s, _)| (job, Some(s))));
        if work.len() == before {
            work.push((job, None));
        }
    }
    work
}

/// The files of variable values that were named and that no module loads by itself. The roots that declare all of the names
/// in one are judged with it, and where none does those that declare some: Terraform only warns of the rest. `unused` are
/// those of which no root declares any.
fn named_variables(
    found: &mut Discovered,
    files: &Files,
    modules: &Modules,
    unused: &mut Vec<PathBuf>,
) -> Vec<PathBuf> {
    let folders: BTreeSet<&Path> = found.modules.iter().map(|m| m.path.as_path()).collect();
    let loose = found.named_files.iter().filter(|path| scenario::is_loose(path, &folders));
    let loose: Vec<PathBuf> = loose.cloned().collect();
    for path in &loose {
        let counts = |module: &ModuleDir| scenario::declared(&module.path, path, files, modules);
        let all = found.modules.iter().map(counts).any(|(own, of)| own > 0 && own == of);
        let mut used = false;
        for module in &mut found.modules {
            let (own, of) = counts(module);
            let fits = own > 0 && (own == of || !all);
            module.named |= fits;
            used |= fits;
        }
        if !used {
            unused.push(path.clone());
        }
    }
    loose
}

/// How many files near a unit are tried.
const NEARBY: usize = 12;

/// Says of each `latent` finding which file of values near its unit leads to it.
fn supplied_nearby(job: &Job, answers: &mut [Answer], variables: &[PathBuf], request: Request) {
    let Request { files, inputs, .. } = request;
    let latent = |f: &&mut Finding| f.level == Level::Latent && f.when.is_some();
    let open = answers.iter_mut().flat_map(|a| &mut a.judged.findings).filter(latent);
    let witnesses: BTreeSet<String> =
        open.flat_map(|f| f.when.iter().flatten()).map(|(n, _)| n.clone()).collect();
    if witnesses.is_empty() {
        return;
    }
    let names: BTreeSet<&str> = witnesses.iter().map(|name| scenario::given_as(name)).collect();
    let read = scenario::near(job, variables, files);
    let read = read.iter().filter_map(|path| Scenario::read(path, files, inputs).ok()).flatten();
    for scenario in read.filter(|s| s.gives(&names) && s.is_for(job, request)).take(NEARBY) {
        let units = job.resolve(Request { inputs: &scenario.inputs, ..request }, Mode::Supplied);
        for (answer, unit) in answers.iter_mut().zip(&units) {
            let there = judge::judge(unit, &[], None).findings;
            for finding in answer.judged.findings.iter_mut().filter(latent).filter(|f| f.nearby.is_none()) {
                // Instances that an input counts are single ones once it is supplied.
                let all = |f: &Finding| f.keys.iter().map(|k| judge::any_instance(&k.address)).collect();
                let (open, own): (BTreeSet<String>, _) = (all(finding), &finding.keys);
                let open: Option<BTreeSet<String>> =
                    own.iter().any(|k| k.address.contains("[*]")).then_some(open);
                let same = |f: &Finding| {
                    f.keys.iter().any(|k| own.iter().any(|o| o.address == k.address))
                        || f.user == finding.user && open.as_ref().is_some_and(|open| *open == all(f))
                };
                if there.iter().any(same) {
                    finding.nearby = Some(scenario.name.clone());
                }
            }
        }
    }
}

/// Points to what Terragrunt passes for the inputs that a finding hangs on, which is not taken for supplied.
fn passed_nearby(job: &Job, answers: &mut [Answer], files: &Files, modules: &Modules) {
    if !matches!(job, Job::Terraform(_)) {
        return;
    }
    for finding in answers.iter_mut().flat_map(|a| &mut a.judged.findings) {
        let inputs = finding.when.iter().flatten().map(|(name, _)| name);
        let passed = inputs.flat_map(|name| scenario::passed_by_terragrunt(job.path(), name, files, modules));
        for (input, location) in passed.collect::<Vec<_>>() {
            let source = files.source(location.file);
            let line = source.position(location.span.start as usize).line;
            let note = format!("{}:{line} passes {input}, which is not examined.", source.path);
            finding.notes.push(note);
            finding.causes.push(Cause { what: format!("Terragrunt passes {input}"), location });
        }
    }
}

/// What is said of one unit.
struct Answer {
    judged: Judged,
    /// What tells it from other units, the same with every scenario.
    unit: (String, usize),
    /// The group of units that it shares an account with, and its keys as those have to know them.
    shared: Option<(usize, Vec<Single>)>,
    /// Whether it is a template of its own.
    template: bool,
    /// The template files that it deploys itself.
    deployed: Vec<String>,
    files: BTreeSet<String>,
    /// Templates in text of other files that say something to lonekey.
    inside: Vec<(FileId, Node)>,
    /// The named files among what functions read.
    read: Read,
    units: usize,
    keys: u64,
}

/// What is said of a job's units. One that counts only if it read a file that was asked for, and did not: nothing.
fn judge_job(
    job: &Job,
    request: Request,
    (asked, if_read): (&Asked, bool),
    shared: Option<(usize, Option<&str>)>,
) -> Vec<Answer> {
    let (path, template) = (job.path(), matches!(job, Job::Template(_)));
    let deployed = Deployed::of(job, request);
    let mut filled = deployed.filled(job, request).into_iter();
    let Deployed { supplied, overridable, nulled, listed, planned, aside, .. } = deployed;
    let Request { files, modules, .. } = request;
    // Few roots are called by others too, and all of them at once are most of what a large run keeps in memory.
    if let Job::Terraform(dir) = job {
        modules.forget(dir);
    }
    let read = asked.read_by(supplied.iter().chain(&overridable), files);
    if if_read && !read.may_be_any() {
        return Vec::new();
    }
    supplied
        .iter()
        .enumerate()
        .map(|(i, unit)| {
            let shown = |f: &crate::span::FileId| files.source(*f).path.clone();
            let open: Vec<_> =
                [&overridable, &nulled, &listed].into_iter().filter_map(|units| units.get(i)).collect();
            let mut judged = judge::judge(unit, &open, filled.next().as_mut());
            if let Some(unit) = planned.as_ref().and_then(|units| units.get(i)) {
                judged.inventory = judge::planned(unit);
            }
            judged.assumptions.extend(aside.get(i).into_iter().flat_map(|a| a.values().cloned()));
            Answer {
                judged,
                unit: (files.display(path), i),
                shared: shared.map(|(group, id)| (group, judge::singles(unit, id))),
                template,
                deployed: unit.deployed.iter().map(shown).collect(),
                files: unit.files.iter().map(shown).collect(),
                inside: unit.inside.clone(),
                read: read.clone(),
                units: unit.units,
                keys: unit.keys.iter().map(key_count).fold(0, u64::saturating_add),
            }
        })
        .collect()
}

fn key_count(key: &crate::key::AccessKey) -> u64 {
    key.times.total.unwrap_or(1)
}

/// What was judged, besides the outcome.
#[derive(Default)]
struct Looked {
    /// The files that units are made of.
    read: BTreeSet<String>,
    /// Templates in text of other files that say something to lonekey.
    inside: Vec<(FileId, Node)>,
}

fn collect(answers: Vec<Answer>, accounts: &Accounts) -> (Outcome, Looked) {
    let mut outcome = Outcome::default();
    let mut looked = Looked::default();
    let mut shared = Shared::new();
    let deployed: BTreeSet<String> = answers.iter().flat_map(|a| a.deployed.iter().cloned()).collect();
    // With several scenarios a unit counts once, with the most that it has in any.
    let mut counted: BTreeMap<(String, usize), (usize, usize, u64)> = BTreeMap::new();
    for answer in answers {
        // What another unit deploys is judged through it, as a nested template is.
        if answer.template && deployed.contains(&answer.unit.0) {
            continue;
        }
        if let Some((group, singles)) = answer.shared {
            shared.entry((group, answer.unit.clone())).or_default().push(singles);
        }
        let judged = answer.judged;
        outcome.findings.extend(judged.findings);
        outcome.inventory.extend(judged.inventory);
        outcome.assumptions.extend(judged.assumptions);
        outcome.incomplete.extend(judged.problems);
        let most = counted.entry(answer.unit).or_default();
        *most = (most.0.max(answer.units), most.1.max(judged.users), most.2.max(answer.keys));
        looked.read.extend(answer.files);
        looked.inside.extend(answer.inside);
    }
    for (units, users, keys) in counted.into_values() {
        outcome.summary.units += units;
        outcome.summary.users += users;
        outcome.summary.keys += keys;
    }
    outcome.summary = Summary { files: looked.read.len(), ..outcome.summary };
    accounts.add(shared, &mut outcome);
    (outcome, looked)
}

/// Puts everything in its order, and says each thing once.
fn finish(outcome: &mut Outcome, files: &Files) {
    outcome.findings.sort_by_cached_key(judge::order);
    outcome.inventory.sort_by(|a, b| (&a.unit, &a.key.address).cmp(&(&b.unit, &b.key.address)));
    in_order(&mut outcome.incomplete, files, |p| (&p.place, p.kind, &p.reason));
    let mut sources = BTreeSet::new();
    // A module or a template that is not on disk is said once per source, wherever it is called.
    outcome.incomplete.retain(|p| !p.once || sources.insert((p.kind, p.reason.clone())));
    // A file that cannot be read is said by whoever needs it; the first says why.
    let mut unreadable = BTreeSet::new();
    outcome.incomplete.retain(|p| match &p.place {
        Place::Path(path) if p.kind == ProblemKind::Unreadable => unreadable.insert(path.clone()),
        _ => true,
    });
    in_order(&mut outcome.assumptions, files, |a| (&a.place, (), &a.reason));
}

/// Sorts by place, kind and reason; of equal ones the first is kept. A repository of thousands of module calls has as many
/// entries before they are told apart: each place is looked up once.
fn in_order<T, K: Ord>(list: &mut Vec<T>, files: &Files, parts: impl Fn(&T) -> (&Place, K, &String)) {
    let mut keyed: Vec<_> =
        std::mem::take(list).into_iter().map(|item| (place_key(parts(&item).0, files), item)).collect();
    let order = |(place, a): &((String, u32, u32), T), (other, b): &((String, u32, u32), T)| {
        let ((_, kind, reason), (_, other_kind, other_reason)) = (parts(a), parts(b));
        (place, kind, reason).cmp(&(other, other_kind, other_reason))
    };
    keyed.sort_by(order);
    keyed.dedup_by(|later, first| order(first, later).is_eq());
    list.extend(keyed.into_iter().map(|(_, item)| item));
}

fn place_key(place: &Place, files: &Files) -> (String, u32, u32) {
    match place {
        Place::Path(path) => (path.clone(), 0, 0),
        Place::At(loc) => (files.source(loc.file).path.clone(), loc.span.start, loc.span.end),
    }
}
