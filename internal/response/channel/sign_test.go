package channel_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"muster/internal/response/channel"
)

// The example of «V3版本请求体&签名机制», help.aliyun.com: RunInstances.
func TestAliyunsDocumentedSignature(t *testing.T) {
	r, err := http.NewRequest(http.MethodPost, "https://ecs.cn-shanghai.aliyuncs.com/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", nil)
	if err != nil {
		t.Fatal(err)
	}
	channel.SignACS3(r, "RunInstances", "2014-05-26", "3156853299f313e23d1673dc12e1703d", "YourAccessKeyId", "YourAccessKeySecret",
		time.Date(2023, 10, 26, 10, 22, 32, 0, time.UTC))
	const want = "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;" +
		"x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
	if got := r.Header.Get("Authorization"); got != want {
		t.Errorf("got %s", got)
	}
}

// The example of «签名方法 v3», cloud.tencent.com: DescribeInstances.
func TestTencentsDocumentedSignature(t *testing.T) {
	body := `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	r, err := http.NewRequest(http.MethodPost, "https://cvm.tencentcloudapi.com/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	// The secret of the document, which publishes it as an example.
	channel.SignTC3(r, []byte(body), "cvm", "example-id", "Gu5t9xGARNpq86cd98joQYCN3"+"EXAMPLE", time.Unix(1551113065, 0))
	const want = "TC3-HMAC-SHA256 Credential=example-id/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, " +
		"Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
	if got := r.Header.Get("Authorization"); got != want {
		t.Errorf("got %s", got)
	}
}

// HMAC-SHA256 with the key "secret" over "1700000000.{}" computed with openssl.
func TestThePlainSignature(t *testing.T) {
	h := http.Header{}
	at := time.Unix(1700000000, 0)
	channel.SignPlain(h, []byte("{}"), "secret", at)
	if got := h.Get(channel.PlainSignature); got != "v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163" {
		t.Errorf("got %s", got)
	}
	for name, c := range map[string]struct {
		body, secret string
		now          time.Time
		good         bool
	}{
		"ours":             {"{}", "secret", at.Add(4 * time.Minute), true},
		"changed":          {"{ }", "secret", at, false},
		"another secret":   {"{}", "Secret", at, false},
		"an old one":       {"{}", "secret", at.Add(6 * time.Minute), false},
		"from tomorrow on": {"{}", "secret", at.Add(-6 * time.Minute), false},
	} {
		if err := channel.CheckPlain(h, []byte(c.body), c.secret, c.now); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
	if channel.CheckPlain(http.Header{}, nil, "secret", at) == nil {
		t.Error("unsigned")
	}
}

func TestAVoiceKeyFitsIntoFifteenBytes(t *testing.T) {
	long, other := channel.VoiceOutID(key), channel.VoiceOutID(key+"x")
	if len(long) != 15 || long == other || channel.VoiceOutID("short") != "short" || long != channel.VoiceOutID(key) {
		t.Errorf("%q %q", long, other)
	}
}
