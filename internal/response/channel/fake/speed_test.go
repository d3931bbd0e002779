package fake_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

// BenchmarkHandOver is what `muster bench dispatch` runs through: signed requests
// over loopback keep-alive, checked, counted and shown, without people.
func BenchmarkHandOver(b *testing.B) {
	accounts := map[string]channel.Account{
		"http": {Kind: channel.SMS, Provider: "http", Settings: map[string]string{}, Secrets: map[string]string{"secret": secret}},
		"aliyun": {Kind: channel.SMS, Provider: "aliyun", Settings: map[string]string{"access_key_id": "id", "sign_name": "s", "template.E70": "1"},
			Secrets: map[string]string{"access_key_secret": secret}},
		"tencent": {Kind: channel.SMS, Provider: "tencent", Settings: map[string]string{"secret_id": "id", "app_id": "1", "sign_name": "s", "template.E70": "1"},
			Secrets: map[string]string{"secret_key": secret}},
	}
	for provider, account := range accounts {
		b.Run(provider, func(b *testing.B) {
			carrier := fake.New(fake.Options{Accounts: []fake.Account{{Account: account}}})
			if err := carrier.SetConditions("", fake.Conditions{NoLimits: true, Silent: true}); err != nil {
				b.Fatal(err)
			}
			server := httptest.NewServer(carrier)
			defer server.Close()
			account.Settings["endpoint"] = server.URL + map[string]string{"http": "/http/sms", "aliyun": "/aliyun/", "tencent": "/tencent/"}[provider]
			gateway, err := channel.Open(account)
			if err != nil {
				b.Fatal(err)
			}
			var n atomic.Int64
			b.SetParallelism(32)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					i := n.Add(1)
					_, err := gateway.Send(context.Background(), channel.Message{Key: fmt.Sprint("k", i), To: fmt.Sprintf("138%08d", i%20_000), Template: "E70",
						Text: "红色预警生效，请立即撤离。", Vars: []channel.Var{{Name: "code", Value: "204518"}}})
					if err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
