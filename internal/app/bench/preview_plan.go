package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/warning"
)

// planGoal is what an officer may have to wait before he may publish.
const planGoal = 300.0

const planRounds = 7

// planFigure measures what is shown before publishing a warning over some two
// thousand sites: who is told how and when, what stands in the way, in which words.
func planFigure(ctx context.Context, db *postgres.DB, office postgres.Authority, at time.Time) (Figure, error) {
	circle, err := geo.Circle(geo.LonLat{Lon: 104.0, Lat: 30.5}, planRadius)
	if err != nil {
		return Figure{}, err
	}
	content := postgres.Content{Kind: "instruction", Mode: "actual", Hazard: warning.FlashFlood, Level: warning.Red, Title: "山洪红色预警", Basis: "示例",
		Expires: at.Add(12 * time.Hour), Areas: []postgres.Area{{Level: warning.Red, Basis: warning.BasisCircle, Certain: true, Geometry: circle}}}
	id, err := db.CreateDraft(ctx, office.ID, content, postgres.Actor{ID: uuid.New(), Name: "bench"}, postgres.Once{}, at)
	if err != nil {
		return Figure{}, err
	}
	var ms []float64
	sites := 0
	for range planRounds {
		began := time.Now()
		p, err := db.PlanWarning(ctx, account.Everywhere(), id, at)
		if err != nil {
			return Figure{}, err
		}
		ms, sites = append(ms, float64(time.Since(began).Microseconds())/1000), p.Asked
	}
	slices.Sort(ms)
	return Figure{Name: fmt.Sprintf("plan before publishing, %d sites, median", sites), Value: ms[len(ms)/2], Unit: "ms",
		Goal: fmt.Sprintf("<= %.0f", planGoal), Holds: ms[len(ms)/2] <= planGoal}, nil
}

// planRadius is a circle with some two thousand sites of the full province.
const planRadius = 60_000
