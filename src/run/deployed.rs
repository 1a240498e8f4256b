//! A job's units as they are deployed: what the deployment refuses of what is supplied counts as free.
//!
//! Answers: what is each unit, with its supplied inputs as given and with them as leaves, once those that `judge` sets
//! aside are free? Knows no language, and not what is refused.

use crate::judge::{self, Aside};
use crate::key::{Mode, Resolved, Sizes};
use crate::problem::Problem;
use crate::resolve::dispatch::Job;
use crate::resolve::{Inputs, Request};

/// Up to how many inputs are null in turn and together; past it that is said.
const NULLS: usize = 8;

/// The units of a job.
pub struct Deployed {
    /// The inputs, those that were set aside named among the free ones.
    pub inputs: Inputs,
    /// With supplied inputs as given.
    pub supplied: Vec<Resolved>,
    /// With supplied inputs as leaves; empty where there is none.
    pub overridable: Vec<Resolved>,
    /// The same, where those of which something asks whether they are null are null or as given; empty where there is none.
    pub nulled: Vec<Resolved>,
    /// With supplied inputs as leaves and lists filled in that calls make of them; empty where there is none.
    pub listed: Vec<Resolved>,
    /// As Terraform plans them, where IAM refuses a name that what is supplied makes.
    pub planned: Option<Vec<Resolved>>,
    /// What was set aside, for each unit.
    pub aside: Vec<Aside>,
}

impl Deployed {
    /// Resolves a job until nothing more is set aside.
    pub fn of(job: &Job, request: Request) -> Deployed {
        let mut inputs = request.inputs.clone();
        let (mut aside, mut planned): (Vec<Aside>, _) = (Vec::new(), None);
        loop {
            let supplied = job.resolve(Request { inputs: &inputs, ..request }, Mode::Supplied);
            // Overriding can only matter where something was met that can be overridden.
            let open = supplied.iter().any(|r| r.overridable);
            let mut overridable = if open {
                job.resolve(Request { inputs: &inputs, ..request }, Mode::Overridable)
            } else {
                Vec::new()
            };
            let units = || supplied.iter().zip(&overridable);
            let mut more: Vec<Aside> = units().map(|(s, o)| judge::aside(s, o)).collect();
            more.resize_with(supplied.len(), Aside::new);
            let given = inputs.clone();
            let open = |i: usize, names: &[String], overriding: bool| {
                let mut inputs = given.clone();
                inputs.free.extend(names.iter().cloned());
                let mode = if overriding { Mode::Overridable } else { Mode::Supplied };
                job.resolve(Request { inputs: &inputs, ..request }, mode).into_iter().nth(i)
            };
            for (i, (unit, more)) in supplied.iter().zip(&mut more).enumerate() {
                more.extend(judge::aside_collections(unit, &mut |names, over| open(i, names, over)));
            }
            let before = inputs.free.len();
            inputs.free.extend(more.iter().flat_map(|a| a.keys().cloned()));
            let deployed = inputs.free.len() == before;
            if deployed {
                more = units().map(|(s, o)| judge::aside_for_names(s, o)).collect();
                more.resize_with(supplied.len(), Aside::new);
                for (i, (unit, more)) in supplied.iter().zip(&mut more).enumerate() {
                    more.extend(judge::aside_collections_for_names(unit, &mut |names, over| {
                        open(i, names, over)
                    }));
                }
                inputs.free.extend(more.iter().flat_map(|a| a.keys().cloned()));
            }
            if inputs.free.len() == before {
                let asked = overridable.iter().flat_map(|unit| unit.cx.asked_for_null());
                inputs.nulls = asked.map(|name| name.to_string()).collect();
                let nulled = match inputs.nulls.len() {
                    0 => Vec::new(),
                    1..=NULLS => job.resolve(Request { inputs: &inputs, ..request }, Mode::Overridable),
                    _ => {
                        for unit in &mut overridable {
                            let place = unit.keys.first().map(|key| key.location.into());
                            unit.problems.extend(place.map(judge::cut_short));
                        }
                        Vec::new()
                    }
                };
                let mut listed = Vec::new();
                if overridable.iter().any(judge::runs_over_supplied) {
                    let few = Sizes::up_to(Mode::FILLED);
                    listed = job.resolve(Request { inputs: &inputs, ..request }, Mode::Listed(few));
                    for (unit, supplied) in listed.iter_mut().zip(&supplied) {
                        unit.fill_opened();
                        judge::called_as_in(supplied, unit);
                        unit.listed = true;
                    }
                }
                return Deployed { inputs, supplied, overridable, nulled, listed, planned, aside };
            }
            if deployed && planned.is_none() {
                planned = Some(supplied);
            }
            aside.resize_with(more.len().max(aside.len()), Aside::new);
            for (known, more) in aside.iter_mut().zip(more) {
                known.extend(more);
            }
        }
    }

    /// The units with what is free filled in, where that may say more; with fewer elements where more meet a limit.
    pub fn filled(&self, job: &Job, request: Request) -> Vec<Resolved> {
        if !self.supplied.iter().any(judge::is_worth_filling) {
            return Vec::new();
        }
        let few = Sizes::up_to(Mode::FILLED);
        let asked: Vec<_> = self.supplied.iter().map(judge::sizes).collect();
        let all = asked.iter().fold(few, |all, (sizes, _)| all.and(*sizes));
        let looped = self.supplied.iter().filter(|unit| unit.fillable).flat_map(|unit| unit.cx.looped());
        let inputs = Inputs { looped: looped.collect(), ..self.inputs.clone() };
        let with = |sizes| job.resolve(Request { inputs: &inputs, ..request }, Mode::Filled(sizes));
        let mut filled = with(all);
        // What is asked for and not tried is said.
        let mut said: Vec<Vec<Problem>> =
            asked.into_iter().map(|(_, past)| past.into_iter().collect()).collect();
        if all != few {
            said.iter_mut().zip(&filled).for_each(|(said, unit)| said.extend(judge::budget(unit)));
        }
        for fewer in [few, Sizes::up_to(Sizes::FEWER)].into_iter().filter(|fewer| *fewer != all) {
            if filled.iter().any(judge::is_past_limit) {
                let past = filled.iter_mut().zip(with(fewer)).filter(|(unit, _)| judge::is_past_limit(unit));
                past.for_each(|(unit, fewer)| *unit = fewer);
            }
        }
        filled.iter_mut().zip(said).for_each(|(unit, said)| unit.problems.extend(said));
        filled
    }
}
