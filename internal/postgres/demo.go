package postgres

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/demo"
	"muster/internal/errs"
	"muster/internal/roster"
)

// DemoLoaded says whether there is a roster already, demonstration or real.
func (db *DB) DemoLoaded(ctx context.Context) (bool, error) {
	var there bool
	err := db.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM authority) OR EXISTS (SELECT FROM site)").Scan(&there)
	return there, kindOf(err)
}

// LoadDemo writes a generated province, its accounts apart, in one transaction:
// all of it or nothing. Regions must have been seeded. A database that has a
// roster is refused (errs.Conflict). Progress is told before each step.
func (db *DB) LoadDemo(ctx context.Context, sealer *account.Sealer, data demo.Data, progress func(step string)) error {
	there, err := db.DemoLoaded(ctx)
	if err != nil {
		return err
	}
	if there {
		return errs.New(errs.Conflict, "demo_loaded", "数据库里已有单位和点位，不再装入演示数据")
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		for _, step := range []struct {
			said string
			load func(context.Context, pgx.Tx, *account.Sealer, demo.Data) error
		}{
			{"主管部门、企业、项目、合同段", loadUnits},
			{"驻地与工点", loadSites},
			{"人员", loadPeople},
			{"岗位、住宿、班次、值班表", loadTies},
			{"打卡记录", loadPasses},
			{"在场", loadPresence},
		} {
			progress(step.said)
			if err := step.load(ctx, tx, sealer, data); err != nil {
				return err
			}
		}
		return announce(ctx, tx, "site", uuid.Nil, place{}, data.At) // all of them
	})
}

// copyRows writes a list with COPY.
func copyRows[T any](ctx context.Context, tx pgx.Tx, table string, columns []string, list []T, row func(T) []any) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
		return row(list[i]), nil
	}))
	return err
}

func loadPeople(ctx context.Context, tx pgx.Tx, sealer *account.Sealer, data demo.Data) error {
	return copyRows(ctx, tx, "person",
		[]string{"id", "name", "language", "phone_sealed", "phone_hash", "id_sealed", "id_hash", "recorded_at"},
		data.People, func(p roster.Person) []any {
			s := sealPerson(sealer, p)
			return []any{s.id, s.name, s.language, s.phoneSealed, s.phoneHash, s.idSealed, s.idHash, data.At}
		})
}

// loadSites writes sites in the order of their H3 cells, so that neighbours lie
// together on disk.
func loadSites(ctx context.Context, tx pgx.Tx, _ *account.Sealer, data demo.Data) error {
	sites := make([]siteRow, len(data.Sites))
	for i, s := range data.Sites {
		var err error
		if sites[i], err = newSiteRow(s, data.At); err != nil {
			return err
		}
	}
	slices.SortFunc(sites, func(a, b siteRow) int { return cmp.Compare(a.h3[1], b.h3[1]) })
	if err := copyRows(ctx, tx, "site", siteColumns, sites, siteRow.values); err != nil {
		return err
	}
	var cells [][]any
	for _, s := range sites {
		cells = append(cells, s.cellRows()...)
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"site_cell"}, []string{"h3_7", "site_id", "home"}, pgx.CopyFromRows(cells)); err != nil {
		return err
	}
	return copyRows(ctx, tx, "device", []string{"id", "serial", "site_id", "purpose", "direction", "key_hash", "recorded_at"},
		data.Devices, func(d roster.Device) []any {
			return []any{d.ID, d.Serial, d.SiteID, d.Purpose, d.Direction, account.KeyHash(demo.DeviceKey(d.Serial)), data.At}
		})
}

func loadPasses(ctx context.Context, tx pgx.Tx, _ *account.Sealer, data demo.Data) error {
	if err := ensureDaysOf(ctx, tx, data.Passes()); err != nil {
		return err
	}
	next, stop := iter.Pull(data.Passes())
	defer stop()
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"pass"},
		[]string{"device_id", "device_time", "event_key", "person_id", "site_id", "direction", "received_at", "content_hash"},
		pgx.CopyFromFunc(func() ([]any, error) {
			p, more := next()
			if !more {
				return nil, nil
			}
			return []any{p.DeviceID, p.DeviceTime, p.EventKey, p.PersonID, p.SiteID, string(p.Direction), p.ReceivedAt, contentHash(p)}, nil
		}))
	return err
}

// ensureDaysOf makes the partitions that passes fall into.
func ensureDaysOf(ctx context.Context, tx pgx.Tx, passes iter.Seq[roster.Pass]) error {
	days := map[time.Time]bool{}
	for p := range passes {
		days[dayOf(p)] = true
	}
	_, err := tx.Exec(ctx, ensurePassDays, slices.Collect(maps.Keys(days)))
	return err
}

// loadPresence folds the passes as live ones are folded, and tells each device
// when it was last heard. A person's passes come together, so one presence at a
// time is open.
func loadPresence(ctx context.Context, tx pgx.Tx, _ *account.Sealer, data demo.Data) error {
	var all []roster.Presence
	heard := map[uuid.UUID]time.Time{}
	for p := range data.Passes() {
		if n := len(all); n > 0 && all[n-1].PersonID == p.PersonID {
			all[n-1] = roster.Fold(all[n-1], p)
		} else {
			all = append(all, roster.Fold(roster.Presence{}, p))
		}
		if p.ReceivedAt.After(heard[p.DeviceID]) {
			heard[p.DeviceID] = p.ReceivedAt
		}
	}
	if err := copyRows(ctx, tx, "presence",
		[]string{"person_id", "site_id", "inside", "device_time", "device_id", "event_key", "fresh_until"},
		all, func(p roster.Presence) []any {
			return []any{p.PersonID, p.SiteID, p.Inside, p.DeviceTime, p.DeviceID, p.EventKey, p.FreshUntil}
		}); err != nil {
		return err
	}
	var devices []uuid.UUID
	var times []time.Time
	for id, at := range heard {
		devices, times = append(devices, id), append(times, at)
	}
	_, err := tx.Exec(ctx, `UPDATE device d SET last_seen_at = l.at
		FROM unnest($1::uuid[], $2::timestamptz[]) l(id, at) WHERE l.id = d.id`, devices, times)
	return err
}
