package flowtest

import (
	"encoding/json"
	"net/http/httptest"

	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch"
)

// Preferred adds a contract with another carrier that is tried before the usual
// one, and gives that carrier.
func (n *Night) Preferred(kind channel.Kind) *fake.Carrier {
	n.T.Helper()
	id := uuid.New()
	a := channel.Account{Kind: kind, Provider: "http", Settings: map[string]string{"sign_name": "preferred"}, Secrets: map[string]string{"secret": secret}}
	carrier := fake.New(fake.Options{Clock: n.Clock, Crowd: fake.Bystanders(), Seed: 2,
		Accounts: []fake.Account{{Account: a, Callback: n.Hooks.URL + "/hooks/" + id.String() + "/" + token}}})
	server := httptest.NewServer(carrier)
	n.T.Cleanup(server.Close)
	secrets, _ := json.Marshal(a.Secrets)
	must(n.T, n.DB.PutChannelAccount(n.T.Context(), response.Account{ID: id, Mode: "actual", Channel: kind, Provider: "http", Name: "preferred", Priority: 0,
		Settings: map[string]string{"sign_name": "preferred", "endpoint": server.URL + "/http/" + string(kind)}, HookHash: dispatch.HookHash(token),
		SecretsSealed: valley.Sealer.Seal("channel_account", "secrets", id.String(), string(secrets))}, "", postgres.Actor{Name: "test"}, n.Clock.Now()))
	return carrier
}

// Away lets the carrier of a kind answer nothing but 503, until Back.
func (n *Night) Away(kind channel.Kind) {
	n.T.Helper()
	must(n.T, n.Carrier.SetConditions("http/"+string(kind), fake.Conditions{Outage: fake.Error}))
}

// Back gives the carriers perfect conditions again.
func (n *Night) Back() {
	n.T.Helper()
	must(n.T, n.Carrier.SetConditions("", fake.Conditions{}))
}
