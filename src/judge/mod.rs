//! Keys to findings: who can hold two active keys at once, and under which inputs.
//!
//! [`group`] says whose the keys are, [`prove`] decides each user, this file turns the answers into findings and
//! inventory rows. Knows no file format and no language.

mod across;
mod aside;
mod cause;
mod concrete;
mod distinct;
mod enough;
mod expressions;
mod filled;
pub mod finding;
pub mod group;
mod indexes;
mod names;
pub mod prove;
mod refusals;
mod repeated;
mod shared;

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::key::{AccessKey, Account, DeclaredUser, Refused, Resolved, Role};
use crate::problem::{Assumption, Problem, ProblemKind};
use crate::span::Loc;
use crate::value::ask::Ask;
use crate::value::digest::Identity;
use crate::value::limits::NODES;
use crate::value::{Cx, Guard, Mark, Value};
pub use across::{Single, across, in_any, singles};
pub use aside::{Aside, aside, aside_collections, aside_collections_for_names, aside_for_names};
use distinct::{AccountKind, Identified};
pub use filled::is_worth_filling;
use finding::{Exists, Finding, FoundKey, FoundUser, InventoryRow, Level, Standing, Status, short};
use group::Class;
use prove::{Allowed, Proof};
use shared::Shared;

/// Up to so many instances of a block are entries of their own in a finding; more are one, with their number.
const LISTED: usize = 1_000;

/// What is said of one resolved unit.
#[derive(Debug, Default)]
pub struct Judged {
    /// Its findings.
    pub findings: Vec<Finding>,
    /// Its keys.
    pub inventory: Vec<InventoryRow>,
    /// What was not decided.
    pub problems: Vec<Problem>,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
    /// Distinct users of its keys.
    pub users: usize,
}

/// Judges one resolved unit. `overridable` is the same unit resolved with its supplied inputs as leaves; it only adds
/// `latent` findings and never changes what the first one says. `filled` is the same unit with its free collections filled
/// in, which has the word about them.
pub fn judge(supplied: &Resolved, overridable: Option<&Resolved>, filled: Option<&mut Resolved>) -> Judged {
    let (allowed, mut problems) = allowed(supplied, &refused(supplied), overridable);
    problems.extend(supplied.problems.iter().cloned());
    let mut found = findings(supplied, &allowed, None);
    if let Some(filled) = filled {
        filled::settle(supplied, &allowed, &mut found, filled);
    }
    if let Some(other) = overridable {
        let (allowed, _) = self::allowed(other, &refused(other), None);
        let latent = findings(other, &allowed, Some(&found));
        problems.extend(other.problems.iter().filter(|p| p.kind == ProblemKind::LatentBudget).cloned());
        for f in latent {
            // With the inputs as supplied the first resolution has the word.
            if f.finding.when.is_some() && !f.overrides {
                continue;
            }
            // What is not decided is no finding here: the search goes beyond what was asked.
            match f.finding.when {
                Some(_) => found.push(f),
                None => problems.extend(f.finding.keys.first().map(|k| cut_short(k.location.into()))),
            }
        }
    }
    let cx = &supplied.cx;
    let users: HashSet<[Identity; 2]> =
        supplied.keys.iter().map(|k| identity(cx, &k.account, &k.user)).collect();
    settle(supplied, &found, &mut problems);
    let distinct = taken_for_distinct(supplied, &found);
    let mut findings: Vec<Finding> = found.into_iter().map(|f| f.finding).collect();
    findings.sort_by(|a, b| {
        (&a.unit, b.level, a.keys.first().map(|k| &k.address)).cmp(&(
            &b.unit,
            a.level,
            b.keys.first().map(|k| &k.address),
        ))
    });
    Judged {
        findings,
        inventory: planned(supplied),
        problems,
        assumptions: [supplied.assumptions.clone(), distinct].concat(),
        users: users.len(),
    }
}

/// Values past a limit are no matter where the keys that depend on them are those of certain findings anyway.
fn settle(resolved: &Resolved, found: &[Identified], problems: &mut [Problem]) {
    let cx = &resolved.cx;
    let past = |key: &&AccessKey| {
        let values = [&key.user, &key.status, &key.account.scope, &Value::Bool(key.times.exists)];
        values.iter().any(|value| cx.limit_of(value).is_some())
    };
    let proved = |key: &AccessKey| {
        found.iter().any(|f| f.finding.level == Level::Certain && f.keys.contains(&key.address))
    };
    let mut past = resolved.keys.iter().filter(past).peekable();
    if past.peek().is_some() && past.all(proved) {
        let unknown = problems.iter_mut().filter(|p| p.kind == ProblemKind::UnknownPastLimit);
        unknown.for_each(|p| p.kind = ProblemKind::ProvedPastLimit);
    }
}

/// The order of findings: by unit, the surest first, then by the first key and the user's name.
pub fn order(f: &Finding) -> impl Ord + use<> {
    let key = f.keys.first().map(|k| k.address.clone());
    (f.unit.clone(), std::cmp::Reverse(f.level), key, f.user.name.clone(), f.scenario.clone())
}

/// Everything that is refused before a key is there, by the deployment or by IAM.
fn refused(resolved: &Resolved) -> Vec<Refused> {
    [resolved.refusals.clone(), names::refusals(resolved)].concat()
}

/// When the deployment refuses nothing, and what it refuses whatever the inputs are.
///
/// A refusal that supplied inputs alone decide is no problem where there are no keys and overriding them avoids it.
fn allowed(
    resolved: &Resolved,
    refusals: &[Refused],
    overridable: Option<&Resolved>,
) -> (Allowed, Vec<Problem>) {
    let cx = &resolved.cx;
    let (mut allowed, mut problems) = (Allowed::default(), Vec::new());
    // Many are refused under one condition.
    let mut asked: HashMap<Guard, bool> = HashMap::new();
    let mut always = |when: Guard| when.is_true() || *asked.entry(when).or_insert_with(|| must(cx, when));
    let all = [Some(resolved), overridable];
    let keys = all.into_iter().flatten().flat_map(|r| &r.keys).any(|k| !k.times.exists.is_false());
    let standing = refusals::standing(cx, refusals, &mut always);
    // With keys, what supplied inputs decide was set aside before, but for what was typed.
    let (said, avoided): (Vec<_>, Vec<_>) = standing.into_iter().partition(|standing| {
        let avoidable = |other: &Resolved| !must(&other.cx, standing.here(&other.cx, &other.refusals));
        keys || !overridable.is_some_and(avoidable)
    });
    for refusal in refusals {
        let always = always(refusal.when);
        if always && !avoided.iter().any(|a| a.is_at(&refusal.problem.place)) {
            continue;
        }
        // What holds whatever the free inputs are is about every question, not only about those of its inputs.
        allowed.add(cx, if always { Guard::FALSE } else { cx.not(refusal.when) });
    }
    // Rules that no value meets leave no key in the resolution in which every input is open.
    let no_key = |other: &Resolved| {
        keys && !other.keys.is_empty() && other.keys.iter().all(|k| k.times.exists.is_false())
    };
    if !said.is_empty()
        && (overridable.is_some_and(no_key) || leaves_nothing(overridable.unwrap_or(resolved)))
    {
        allowed.add(cx, Guard::FALSE);
    }
    problems.extend(said.into_iter().map(|standing| standing.problem));
    (allowed, problems)
}

/// Whether refusals of which each one leaves some assignment leave none together: then nothing of the unit is deployed.
fn leaves_nothing(resolved: &Resolved) -> bool {
    let cx = &resolved.cx;
    let mut asked: HashMap<Guard, bool> = HashMap::new();
    let mut whens: Vec<Guard> = resolved.refusals.iter().map(|refusal| refusal.when).collect();
    whens.retain(|when| !*asked.entry(*when).or_insert_with(|| must(cx, *when)));
    whens.len() > 1 && must(cx, cx.any(whens))
}

fn must(cx: &Cx, guard: Guard) -> bool {
    !guard.is_false()
        && Ask::new(cx, &[guard], NODES.most)
            .and_then(|mut a| a.must_hold(Guard::TRUE, guard))
            .unwrap_or(false)
}

/// The findings of one resolution. With `known`, those already reported are left out and the rest is `latent`.
fn findings(resolved: &Resolved, allowed: &Allowed, known: Option<&[Identified]>) -> Vec<Identified> {
    let cx = &resolved.cx;
    let mut found: Vec<Identified> = Vec::new();
    let classes = group::classes(resolved);
    let named = classes.iter().filter(|class| !names::is_refused(&class.user));
    let proofs: Vec<_> = named.filter_map(|class| Some((class, prove::prove(cx, class, allowed)?))).collect();
    let members: Vec<Vec<usize>> =
        proofs.iter().map(|(_, proof)| proof.members.iter().map(|m| m.key).collect()).collect();
    let shared = Shared::new(&resolved.keys, &members);
    for (class, proof) in proofs {
        let identity = group::identity(cx, &class.user);
        let keys: BTreeSet<String> = proof
            .members
            .iter()
            .filter_map(|m| resolved.keys.get(m.key))
            .map(|k| k.address.clone())
            .collect();
        let level = if known.is_some() { Level::Latent } else { proof.level };
        let account = cx.as_given(&class.account);
        let kind = AccountKind::of(&account);
        let account = cx.identity(&account);
        let switches = matches!(class.user, Value::Choice(_));
        let finding = describe(resolved, class, &proof, level, allowed, &shared);
        let overrides = !proof.supplied.is_empty();
        let question = [proof.allowed, proof.two];
        let asks_for_more = enough::asks_for_more(resolved, class, question);
        found.push(Identified {
            finding,
            identity,
            account,
            kind,
            keys,
            switches,
            overrides,
            asks_for_more,
            question,
        });
    }
    // One user, one finding: of two classes that are one user with the inputs as supplied, the one with the smaller
    // witness and then the more keys stays.
    let mut kept: Vec<Identified> = Vec::new();
    found.sort_by_key(|f| {
        (
            std::cmp::Reverse(f.finding.level),
            !f.switches,
            f.finding.when.as_ref().map_or(usize::MAX, Vec::len),
            std::cmp::Reverse(f.keys.len()),
        )
    });
    for f in found {
        if !kept.iter().any(|k| k.covers(&f, false)) {
            kept.retain(|k| !f.absorbs(k));
            kept.push(f);
        }
    }
    kept.retain(|f| !known.is_some_and(|known| known.iter().any(|k| k.covers(f, true))));
    kept
}

fn describe(
    resolved: &Resolved,
    class: &Class,
    proof: &Proof,
    level: Level,
    allowed: &Allowed,
    shared: &Shared<'_>,
) -> Finding {
    let cx = &resolved.cx;
    let all_active = level == Level::Certain
        && proof.members.iter().all(|m| exists(cx, m.guard, allowed.about(cx, &[m.guard])) == Exists::Always);
    let mut members: Vec<&AccessKey> =
        proof.members.iter().filter_map(|m| resolved.keys.get(m.key)).collect();
    members.sort_by(|a, b| a.address.cmp(&b.address));
    if resolved.filled {
        // The elements of one block, filled in.
        members.dedup_by(|a, b| a.address == b.address && a.location == b.location);
    }
    let around = cause::Around { all: &resolved.keys, shared };
    let (causes, remedy) = cause::explain(cx, class, &members, proof.when.as_deref(), level, around);
    let supplied = if level == Level::Latent { proof.supplied.clone() } else { Vec::new() };
    let remedy = cause::kept(&supplied).unwrap_or(remedy);
    let keys = collapsed(members.iter().map(|k| found_key(cx, k)).collect());
    let first = class
        .members
        .iter()
        .filter_map(|m| resolved.keys.get(m.key))
        .min_by(|a, b| a.address.cmp(&b.address));
    let declared: Vec<&DeclaredUser> = resolved
        .users
        .iter()
        .filter(|u| {
            cx.identity(&u.account.scope) == cx.identity(&class.account)
                || is_alternative(cx, &class.account, &u.account.scope)
        })
        .filter(|u| cx.identity(&cx.fold_case(&u.name)) == cx.identity(&class.user))
        .collect();
    let written = secret_spelling(resolved, class).unwrap_or_else(|| class.written.clone());
    let mut user = found_user(cx, &class.user, &written, first, declared.first().copied());
    user.name = user.name.or_else(|| proof.name.clone());
    let count: u64 = keys.iter().map(|k| k.instances.unwrap_or(1)).fold(0, u64::saturating_add);
    let mut notes = Vec::new();
    if count > 2 {
        notes.push(format!(
            "AWS refuses a third access key for a user (its quota is two), and there can be {count} here."
        ));
    }
    if let [a, b, ..] = declared.as_slice() {
        notes.push(format!(
            "{} and {} are declared with one name; AWS refuses the second.",
            a.address, b.address
        ));
    }
    if !resolved.environment.is_empty() {
        notes.push(format!("The environment supplied inputs: {}.", resolved.environment.join(", ")));
    }
    if let Some(limit) = proof.spent.or(class.spent) {
        notes.push(format!("Not decided exactly: {}.", limit.says));
    }
    Finding {
        level,
        standing: Standing::Open,
        lapsed: false,
        fails: true,
        shown: true,
        same_user: same_user(cx, class, &user, keys.len()),
        user,
        account: Account::id_in(&class.account)
            .filter(|_| cx.mark_of(&class.account).is_none())
            .or_else(|| account_id(cx, &first?.account)),
        unit: first.map_or_else(
            || crate::unit::UnitName { kind: crate::unit::UnitKind::Terraform, path: ".".into() },
            |k| k.unit.clone(),
        ),
        scenario: None,
        causes,
        remedy,
        keys,
        when: proof.when.clone(),
        supplied,
        nearby: None,
        all_active,
        notes,
    }
}

/// The account id as reports may show it.
fn account_id(cx: &Cx, account: &Account) -> Option<String> {
    account.id.clone().filter(|_| cx.mark_of(&account.scope).is_none())
}

/// The user of a class as a key has it that takes it from something secret.
fn secret_spelling(resolved: &Resolved, class: &Class) -> Option<Value> {
    let cx = &resolved.cx;
    let keys = class.members.iter().filter_map(|m| resolved.keys.get(m.key));
    let spelled = keys.flat_map(|key| cx.alternatives(&key.user)).map(|(_, value)| value);
    let mut secret = spelled.filter(|v| cx.mark_of(v) == Some(Mark::Sensitive));
    secret.find(|v| cx.fold_case(v) == class.user)
}

/// The keys with one entry for each block that has more than [`LISTED`] instances among them.
fn collapsed(keys: Vec<FoundKey>) -> Vec<FoundKey> {
    if keys.len() <= LISTED {
        return keys;
    }
    let instances = |k: &FoundKey| k.instances.unwrap_or(1);
    let mut blocks: HashMap<(Loc, Option<Status>), u64> = HashMap::new();
    for key in &keys {
        *blocks.entry((key.location, key.status)).or_default() += instances(key);
    }
    let mut out: Vec<FoundKey> = Vec::new();
    let mut entries: HashMap<(Loc, Option<Status>, String), usize> = HashMap::new();
    for key in keys {
        if blocks.get(&(key.location, key.status)).is_none_or(|n| *n <= LISTED as u64) {
            out.push(key);
            continue;
        }
        let address = any_instance(&key.address);
        let place = *entries.entry((key.location, key.status, address.clone())).or_insert(out.len());
        match out.get_mut(place) {
            Some(entry) => entry.instances = Some(instances(entry).saturating_add(instances(&key))),
            None => out.push(FoundKey { address, ..key }),
        }
    }
    out
}

/// The address with `[*]` in place of every instance key.
fn any_instance(address: &str) -> String {
    let (mut out, mut chars) = (String::new(), address.chars());
    while let Some(c) = chars.next() {
        out.push(c);
        if c != '[' {
            continue;
        }
        let mut quoted = false;
        while let Some(c) = chars.next() {
            match c {
                '\\' => drop(chars.next()),
                '"' => quoted = !quoted,
                ']' if !quoted => break,
                _ => {}
            }
        }
        out.push_str("*]");
    }
    out
}

/// Whether an account that switches can be this one.
fn is_alternative(cx: &Cx, account: &Value, scope: &Value) -> bool {
    matches!(scope, Value::Choice(_)) && cx.alternatives(scope).iter().any(|(_, v)| v == account)
}

/// Why the keys' users are one; empty where whose keys they are says it.
fn same_user(cx: &Cx, class: &Class, user: &FoundUser, keys: usize) -> String {
    let who = if keys == 1 {
        "every instance is for"
    } else if keys == 2 {
        "both keys are for"
    } else {
        "all of these keys are for"
    };
    match (&user.address, user.name.as_deref()) {
        (Some(address), Some(_)) => format!("{who} {address}"),
        (Some(_), None) | (None, Some(_)) => String::new(),
        (None, None) => {
            let value = cx.show(&unrefused(cx, &class.user));
            // How it is written says more than a long value does.
            let told = user.expression.as_ref().is_some_and(|own| short(&value) != value || *own == value);
            if told { String::new() } else { format!("{who} one value, {value}") }
        }
    }
}

/// A value without what is refused, where one alternative is left.
fn unrefused(cx: &Cx, value: &Value) -> Value {
    let alternatives = cx.alternatives(value).into_iter().map(|(_, v)| v);
    let mut left = alternatives.filter(|v| !matches!(v, Value::Refused(_)));
    match (left.next(), left.next()) {
        (Some(one), None) => one,
        _ => value.clone(),
    }
}

fn found_user(
    cx: &Cx,
    user: &Value,
    written: &Value,
    key: Option<&AccessKey>,
    declared: Option<&DeclaredUser>,
) -> FoundUser {
    // The declaration's own spelling comes first: a name keeps its letters.
    let spelled = declared.map(|d| &d.name).into_iter().chain([written, user]);
    let name = match user {
        Value::String(_) => {
            let spelled: Vec<&Value> = spelled.filter(|v| v.as_str().is_some()).collect();
            // A name that is secret anywhere is shown nowhere.
            let secret = |v: &&Value| cx.mark_of(v) == Some(Mark::Sensitive);
            spelled.iter().copied().find(secret).or(spelled.first().copied()).and_then(|v| cx.user_name(v))
        }
        _ => None,
    };
    // Where a secret says that it is this declaration, the declaration tells the secret.
    let secret = |v: &Value| cx.mark_within(v) == Some(Mark::Sensitive);
    let declared = declared.filter(|d| secret(&d.name) || !(secret(user) || secret(written)));
    FoundUser {
        name,
        address: declared.map(|d| d.address.clone()),
        expression: key.and_then(|k| k.user_text.clone()).or_else(|| Some(cx.show(user))),
        location: declared.map(|d| d.location).or(key.and_then(user_place)),
    }
}

/// What gives a key its user as one place: from the first to the last one.
fn user_place(key: &AccessKey) -> Option<Loc> {
    let mut places = key.places.iter().filter(|p| p.role == Role::User).map(|p| p.loc);
    let first = places.next()?;
    let all = places.filter(|loc| loc.file == first.file).fold(first.span, |all, loc| all.to(loc.span));
    Some(Loc::new(first.file, all))
}

/// The status with supplied inputs as given.
fn status(cx: &Cx, key: &AccessKey) -> Option<Status> {
    match exists(cx, group::active(cx, &cx.as_given(&key.status)), Guard::TRUE) {
        Exists::Always => Some(Status::Active),
        Exists::Never => Some(Status::Inactive),
        Exists::Sometimes => None,
    }
}

fn found_key(cx: &Cx, key: &AccessKey) -> FoundKey {
    FoundKey {
        address: key.address.clone(),
        kind: key.kind.clone(),
        status: status(cx, key),
        location: key.location,
        places: key.places.clone(),
        construct: key.construct.clone(),
        origin: key.origin.clone(),
        instances: key.times.total,
    }
}

/// What tells users of one resolution apart: the account, and the name whatever its letters.
fn identity(cx: &Cx, account: &Account, name: &Value) -> [Identity; 2] {
    [cx.identity(&account.scope), cx.identity(&cx.fold_case(name))]
}

type ByName<'r> = HashMap<[Identity; 2], &'r DeclaredUser>;

fn declared_by_name(resolved: &Resolved) -> ByName<'_> {
    let mut by_name = ByName::new();
    for user in &resolved.users {
        by_name.entry(identity(&resolved.cx, &user.account, &user.name)).or_insert(user);
    }
    by_name
}

/// The user of one key; `None` where nothing is known of it.
fn row_user(resolved: &Resolved, by_name: &ByName<'_>, key: &AccessKey) -> Option<FoundUser> {
    let cx = &resolved.cx;
    let folded = cx.fold_case(&key.user);
    let declared = by_name.get(&identity(cx, &key.account, &key.user)).copied();
    match key.user {
        Value::Refused(_) | Value::Null => None,
        // A row shows what its own key says, letters kept.
        Value::String(_) => Some(FoundUser {
            name: cx.user_name(&key.user),
            ..found_user(cx, &folded, &key.user, Some(key), declared)
        }),
        _ => Some(found_user(cx, &folded, &key.user, Some(key), declared)),
    }
}

/// The inventory of one resolution: what is planned, which keys for names that IAM refuses are too.
pub fn planned(resolved: &Resolved) -> Vec<InventoryRow> {
    let cx = &resolved.cx;
    let (allowed, _) = allowed(resolved, &resolved.refusals, None);
    let by_name = declared_by_name(resolved);
    let mut rows: Vec<InventoryRow> = resolved
        .keys
        .iter()
        .map(|key| {
            let active = cx.and(key.times.exists, group::active(cx, &key.status));
            let when = if active.is_true() { String::new() } else { cx.show_guard(active) };
            InventoryRow {
                key: found_key(cx, key),
                unit: key.unit.clone(),
                account: account_id(cx, &key.account),
                user: row_user(resolved, &by_name, key),
                exists: exists(cx, key.times.exists, allowed.about(cx, &[key.times.exists])),
                when,
            }
        })
        .collect();
    rows.sort_by(|a, b| (&a.unit, &a.key.address).cmp(&(&b.unit, &b.key.address)));
    rows
}

fn exists(cx: &Cx, guard: Guard, allowed: Guard) -> Exists {
    if guard.is_true() {
        return Exists::Always;
    }
    if guard.is_false() {
        return Exists::Never;
    }
    let Ok(mut ask) = Ask::new(cx, &[guard, allowed], NODES.most) else { return Exists::Sometimes };
    if ask.can_hold(cx.and(allowed, guard)) == Ok(false) {
        Exists::Never
    } else if ask.must_hold(allowed, guard) == Ok(true) {
        Exists::Always
    } else {
        Exists::Sometimes
    }
}

/// The problem that says the search for `latent` findings was cut short.
fn cut_short(place: crate::problem::Place) -> Problem {
    Problem::new(
        ProblemKind::LatentBudget,
        place,
        "the search for what overriding supplied inputs would lead to was cut short; nothing else is affected",
    )
}

/// That the elements of an unknown collection are different users (or accounts), wherever a key for each of them
/// depends on it. Of keys that are found anyway it makes no difference.
fn taken_for_distinct(resolved: &Resolved, found: &[Identified]) -> Vec<Assumption> {
    let cx = &resolved.cx;
    let mut out = Vec::new();
    let is_found = |key: &AccessKey| {
        found.iter().any(|f| f.finding.level > Level::Latent && f.keys.contains(&key.address))
    };
    for key in resolved.keys.iter().filter(|key| !is_found(key)) {
        let over = &key.times.elements();
        let depends = repeated::depends(cx, &key.user, over);
        // The keys of a map and the elements of a set are distinct by themselves, but not beside those of another one.
        let inner = |sym| cx.leaf(sym).and_then(|l| cx.leaf(l.of?)).is_some_and(|of| of.is_element());
        let own = |sym| over.contains(&sym) && cx.tells_elements_apart(sym) && !inner(sym);
        let distinct = matches!(key.user, Value::Sym(sym) if own(sym));
        let apart = if depends && !distinct {
            Some("of different users")
        } else if !depends && group::told_apart(cx, key, over) {
            Some("in different accounts")
        } else {
            None
        };
        if let (Some(apart), false) = (apart, key.times.at_least_two(cx).is_false()) {
            let place = user_place(key).unwrap_or(key.location);
            out.push(Assumption {
                reason: format!("the instances of {} are taken for keys {apart}", key.address),
                place: place.into(),
            });
        }
    }
    out
}
