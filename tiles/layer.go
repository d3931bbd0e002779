package tiles

import (
	"context"
	_ "embed"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

//go:embed layers/sites_sums.sql
var sumsSQL string

//go:embed layers/sites.sql
var sitesSQL string

//go:embed layers/targets.sql
var targetsSQL string

//go:embed layers/warnings.sql
var warningsSQL string

//go:embed layers/regions.sql
var regionsSQL string

// layer is one vector layer of the database: who may look, how deep it goes, and
// the statements whose results, one after the other, are the tile.
type layer struct {
	name    string
	perm    account.Permission
	maxZoom int
	// statements adds what it needs to args.
	statements func(t Tile, args pgx.NamedArgs) []string
}

var layers = []layer{
	{"sites", account.SeeSites, 16, siteStatements},
	{"warnings", account.SeeWarnings, 14, one(warningsSQL)},
	{"targets", account.SeeWarnings, 16, one(targetsSQL)},
	{"regions", account.SeeSites, 12, regionStatements},
}

func one(sql string) func(Tile, pgx.NamedArgs) []string {
	return func(Tile, pgx.NamedArgs) []string { return []string{sql} }
}

const (
	pointZoom  = 12   // from here on each site stands for itself
	countyZoom = 9    // up to here counties are summed
	cellZoom   = 6    // from here to pointZoom cells are
	maxNamed   = 1500 // sites of a tile that can have their names
)

// cellRes is the H3 resolution whose cells are 30 to 60 pixels wide, by zoom.
var cellRes = map[int]int{6: 4, 7: 5, 8: 5, 9: 6, 10: 7, 11: 7}

func siteStatements(t Tile, args pgx.NamedArgs) []string {
	if t.Z >= pointZoom {
		args["named"] = maxNamed
		return []string{sitesSQL}
	}
	var list []string
	if t.Z <= countyZoom {
		list = append(list, sumsOf("county", 0))
	}
	if t.Z >= cellZoom {
		list = append(list, sumsOf("cell", cellRes[t.Z]))
	}
	return list
}

// sumsOf is the statement for one resolution. Both go into the text: each
// resolution is planned by itself, and two of them fit into one batch.
func sumsOf(name string, res int) string {
	return strings.NewReplacer("@layer", "'"+name+"'", "@res", strconv.Itoa(res)).Replace(sumsSQL)
}

const countyShown = 6 // zoom from which counties are drawn

func regionStatements(t Tile, args pgx.NamedArgs) []string {
	levels := []string{"province", "city"}
	if t.Z >= countyShown {
		levels = append(levels, "county")
	}
	args["levels"] = levels
	return []string{regionsSQL}
}

// cut makes the tile; empty where the scope has nothing in it.
func (s *Server) cut(ctx context.Context, l layer, t Tile, r rights, warning uuid.UUID) ([]byte, error) {
	args := pgx.NamedArgs{"z": t.Z, "x": t.X, "y": t.Y, "warning": warning, "half_pixel": 180 / (512 * math.Exp2(float64(t.Z)))}
	args["lo"], args["hi"] = t.keys()
	args["x0"], args["y0"], args["unit"] = t.origin()
	batch := &pgx.Batch{}
	var tile []byte
	for _, sql := range l.statements(t, args) {
		batch.Queue(r.scoped(sql, args), args).QueryRow(func(row pgx.Row) error {
			var part []byte
			err := row.Scan(&part)
			tile = append(tile, part...)
			return err
		})
	}
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return nil, errs.New(errs.Down, "tiles_unread", "地图数据暂时读不到").Because(err)
	}
	return tile, nil
}
