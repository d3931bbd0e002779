// Package valley is a small world for tests that tell stories: two counties of
// one city with a motorway under construction, a third county in another
// prefecture, an account for every role. Everything has a name to call it by.
//
// All of it is invented.
package valley

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/demo"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
)

// Evening is the present of the valley: 21:30 in Shanghai.
var Evening = time.Date(2026, 7, 10, 13, 30, 0, 0, time.UTC)

// Password opens every account.
const Password = "valley-password"

// The feeds and their keys.
const (
	CountyFeed, CountyKey   = "county", "county-feed-key"
	NationFeed, NationKey   = "nation", "nation-feed-key" // an aggregator
	StrangeKey              = "nobody-has-this-key"
	NameOfLead, PhoneOfLead = "驻地甲示例", "19900000001"
)

// Sealer seals the people of the valley.
var Sealer = func() *account.Sealer {
	s, err := account.NewSealer(account.NewKeyRing("k1"))
	if err != nil {
		panic(err)
	}
	return s
}()

var space = uuid.MustParse("6f1f64a6-56a0-4b0e-8c25-0f6b3d1c9f11")

// ID is the id of anything in the valley, by its name.
func ID(name string) uuid.UUID { return uuid.NewSHA1(space, []byte(name)) }

// DeviceKey is the key of a device, by its serial.
func DeviceKey(serial string) string { return demo.DeviceKey(serial) }

// World is cloned by every test.
var World = &pgtest.World{Seed: seed}

func seed(t testing.TB, db *postgres.DB) {
	t.Helper()
	seedWith(t, db, data())
}

func seedWith(t testing.TB, db *postgres.DB, d demo.Data) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(db.SeedRegions(ctx, Evening))
	must(db.SeedPolicy(ctx, Evening))
	must(db.LoadDemo(ctx, Sealer, d, func(string) {}))
	must(db.CreateFeed(ctx, CountyFeed, "县气象台（示例）", CountyKey, false, Evening))
	must(db.CreateFeed(ctx, NationFeed, "国家平台（示例）", NationKey, true, Evening))
	hash := account.HashPassword(Password)
	for _, u := range Users() {
		_, err := db.CreateUser(ctx, postgres.NewUser{Login: u.Login, Title: u.Login, PasswordHash: hash, Role: u.Role, Place: u.Place},
			postgres.Actor{Name: "valley"}, Evening.Add(-time.Hour))
		must(err)
	}
}
