package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// OfficePlan is an authority with sites under the content: it gets a digest, as
// long as anything there is overdue.
type OfficePlan struct {
	AuthorityID uuid.UUID
	Name        string
	Level       string
	Sites       int
	First       time.Duration
	OnDuty      int // people on tonight's roster; 0: nobody would get it
}

// LimitPlan is a limit that the plan will meet.
type LimitPlan struct {
	Code    string // contract_missing, no_number, budget, night
	Channel response.Channel
	People  int
	Text    string
}

// ReachPlan is a site with how many people of site and section can be called.
type ReachPlan struct {
	Target    *Target
	Reachable int
}

// ContactPlan is somebody who answers for a site and whom nothing reached of late.
type ContactPlan struct {
	Contact
	Target *Target
	LastAt *time.Time
}

// noContact is how long ago the last delivery may be.
const noContact = 30 * 24 * time.Hour

// watch finds the authorities with sites under the content.
func (p *planned) watch(ctx context.Context, tx pgx.Tx, at time.Time) error {
	all, err := watchersOf(ctx, tx, p.pre.Targets, at)
	if err != nil {
		return err
	}
	for _, w := range all {
		if len(w.Regions)+len(w.Projects) > 0 {
			p.watchers = append(p.watchers, w)
		}
	}
	p.duty, err = onDuty(ctx, tx, column(p.watchers, func(w watcher) uuid.UUID { return w.AuthorityID }), at)
	return err
}

// oversee plans the digests of the authorities.
func (p *planned) oversee(ctx context.Context, tx pgx.Tx, at time.Time) error {
	names, err := authorityNames(ctx, tx)
	if err != nil {
		return err
	}
	worst := worstOf(p.pre.Targets)
	for _, w := range p.watchers {
		strictest, some := w.strictest(worst)
		if !some {
			continue
		}
		plan := p.rules.Oversee(partyOfLevel[w.Level], strictest, at)
		if len(plan.Steps) == 0 {
			continue
		}
		p.out.Authorities = append(p.out.Authorities, OfficePlan{w.AuthorityID, names[w.AuthorityID], w.Level, w.holds(p.pre.Targets), plan.Steps[0].After,
			len(p.duty[w.AuthorityID])})
	}
	return nil
}

func authorityNames(ctx context.Context, q querier) (map[uuid.UUID]string, error) {
	rows, err := collect[struct {
		ID   uuid.UUID
		Name string
	}](ctx, q, "SELECT id, name FROM authority")
	names := map[uuid.UUID]string{}
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	return names, err
}

// holds counts the targets that are a watcher's.
func (w watcher) holds(targets []Target) int {
	regions, projects := map[string]bool{}, map[uuid.UUID]bool{}
	for _, r := range w.Regions {
		regions[r] = true
	}
	for _, id := range w.Projects {
		projects[id] = true
	}
	n := 0
	for _, t := range targets {
		if regions[t.Region] || projects[t.ProjectID] {
			n++
		}
	}
	return n
}

// limit finds what will not leave, and why.
func (p *planned) limit(ctx context.Context, tx pgx.Tx, at time.Time) error {
	contracts, err := contractsOf(ctx, tx, p.Mode)
	if err != nil {
		return err
	}
	for _, c := range p.out.Channels {
		if c.Channel != response.App && !c.Channel.ToUnit() && !contracts[c.Channel] {
			p.limited("contract_missing", c.Channel, c.People, "没有可用的%s通道合同，%d人收不到", c.Channel.Label(), c.People)
		}
	}
	for _, c := range []response.Channel{response.Voice, response.SMS} {
		if n := p.without(c); n > 0 {
			p.limited("no_number", c, n, "%d人没有登记手机号，%s发不出", n, c.Label())
		}
	}
	if late := p.waits(); late > 0 {
		p.limited("night", response.App, late, "%d个点位的阅知等到早晨再发", late)
	}
	return p.budgets(ctx, tx, at)
}

func (p *planned) limited(code string, c response.Channel, people int, format string, args ...any) {
	p.out.Limits = append(p.out.Limits, LimitPlan{code, c, people, fmt.Sprintf(format, args...)})
}

func contractsOf(ctx context.Context, q querier, mode string) (map[response.Channel]bool, error) {
	rows, err := collect[struct{ Channel response.Channel }](ctx, q,
		"SELECT DISTINCT channel FROM channel_account WHERE mode = $1 AND disabled_at IS NULL AND unit_id IS NULL", mode)
	there := map[response.Channel]bool{}
	for _, r := range rows {
		there[r.Channel] = true
	}
	return there, err
}

// without counts the people whom a channel would reach if they had a number.
func (p *planned) without(c response.Channel) int {
	who := map[uuid.UUID]bool{}
	for _, w := range p.waves {
		for _, e := range w.errands {
			if e.channel == c && e.person != nil && e.person.PhoneHash == nil {
				who[e.person.PersonID] = true
			}
		}
	}
	return len(who)
}

// waits counts the sites whose first call waits for the morning.
func (p *planned) waits() int {
	first := map[uuid.UUID]time.Duration{}
	for _, w := range p.waves {
		for _, c := range w.calls {
			if after, there := first[c.thread.SiteID]; !there || w.after < after {
				first[c.thread.SiteID] = w.after
			}
		}
	}
	n := 0
	for _, after := range first {
		if after > 0 {
			n++
		}
	}
	return n
}

// reach finds sites with too few people, and people whom nothing has reached.
func (p *planned) reach(ctx context.Context, tx pgx.Tx, at time.Time) error {
	phones := map[uuid.UUID]string{}
	reachable := map[uuid.UUID]map[uuid.UUID]bool{}
	for _, rung := range []response.Party{response.AtSite, response.AtSection} {
		people, err := p.everywhere(ctx, tx, rung, at)
		if err != nil {
			return err
		}
		for site, list := range people {
			for _, who := range list {
				if who.PhoneHash == nil {
					continue
				}
				phones[who.PersonID] = *who.PhoneHash
				if reachable[site] == nil {
					reachable[site] = map[uuid.UUID]bool{}
				}
				reachable[site][who.PersonID] = true
			}
		}
	}
	for i := range p.pre.Targets {
		t := &p.pre.Targets[i]
		if n := len(reachable[t.SiteID]); n < 2 {
			p.out.Few = append(p.out.Few, ReachPlan{t, n})
		}
		if len(t.Responsible) == 0 {
			p.out.Nobody = append(p.out.Nobody, ReachPlan{t, len(reachable[t.SiteID])})
		}
	}
	return p.contacts(ctx, tx, phones, at)
}

// everywhere finds who stands on a rung at every target, by site; what was read for
// the calls is not read again.
func (p *planned) everywhere(ctx context.Context, tx pgx.Tx, rung response.Party, at time.Time) (map[uuid.UUID][]party, error) {
	if found, there := p.people[rung]; there && len(p.threads) == len(p.pre.Targets) {
		bySite := make(map[uuid.UUID][]party, len(found))
		for _, t := range p.threads {
			bySite[t.SiteID] = found[t.ID]
		}
		return bySite, nil
	}
	all := make([]*thread, len(p.pre.Targets))
	for i := range p.pre.Targets {
		t := &p.pre.Targets[i]
		all[i] = &thread{ID: t.SiteID, SiteID: t.SiteID, SectionID: t.SectionID}
	}
	return p.parties(ctx, tx, rung, all, at)
}

// contacts finds the responsible people to whose numbers nothing was delivered in
// the last thirty days.
func (p *planned) contacts(ctx context.Context, tx pgx.Tx, phones map[uuid.UUID]string, at time.Time) error {
	var hashes []string
	for _, hash := range phones {
		hashes = append(hashes, hash)
	}
	slices.Sort(hashes)
	rows, err := collect[struct {
		PhoneHash string
		Last      time.Time
	}](ctx, tx, `
		SELECT phone_hash, max(delivered_at) AS last FROM notice
		WHERE  phone_hash = ANY($1) AND channel IN ('voice', 'sms') AND tried_at IS NOT NULL AND delivered_at IS NOT NULL GROUP BY phone_hash`,
		slices.Compact(hashes))
	if err != nil {
		return err
	}
	last := map[string]time.Time{}
	for _, r := range rows {
		last[r.PhoneHash] = r.Last
	}
	seen := map[uuid.UUID]bool{}
	for i := range p.pre.Targets {
		t := &p.pre.Targets[i]
		for _, c := range t.Responsible {
			heard, ever := last[phones[c.PersonID]]
			if seen[c.PersonID] || ever && heard.After(at.Add(-noContact)) {
				continue
			}
			seen[c.PersonID] = true
			one := ContactPlan{Contact: c, Target: t}
			if ever {
				one.LastAt = &heard
			}
			p.out.NoContact = append(p.out.NoContact, one)
		}
	}
	return nil
}
