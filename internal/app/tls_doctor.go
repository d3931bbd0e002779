package app

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
)

// soonOver is how long before its end a certificate is complained of.
const soonOver = 21 * 24 * time.Hour

// checkTLS looks at the configured certificate, and says how to trust the own CA
// of `up --tls`.
func (cmd doctorCommand) checkTLS(sh shell, check func(string, error)) {
	cert, key := sh.getenv("MUSTER_TLS_CERT"), sh.getenv("MUSTER_TLS_KEY")
	if cert != "" || key != "" {
		check("TLS 证书和私钥是一对，没有到期", checkCertificate(cert, key, sh.clock.Now()))
	} else {
		sh.printf("– 没有设置 MUSTER_TLS_CERT：serve 不做 TLS，要由前面的代理做；没有 https，手机不能离线使用\n")
	}
	ca, err := readCA(cmd.Data)
	if err != nil {
		sh.printf("– 没有自建 CA：muster up --tls 会建立一个\n")
		return
	}
	check("自建 CA 没有到期", stillGood(ca, sh.clock.Now()))
	sh.printf("  手机和电脑怎样信任它（文件 %s，也可从 up 打印的 …/ca.crt 下载）：\n%s  %s\n", ca.file, trustHelp, fingerprint(ca.Certificate))
}

type caOnDisk struct {
	*x509.Certificate
	file string
}

// readCA finds the CA in a data directory, or where `up` puts the data of root.
func readCA(dir string) (caOnDisk, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return caOnDisk{}, err
	}
	for _, place := range []string{abs, "/var/lib/muster" + strings.ReplaceAll(abs, "/", "-")} {
		body, err := os.ReadFile(caFile(place))
		if err != nil {
			continue
		}
		block, _ := pem.Decode(body)
		if block == nil {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		return caOnDisk{c, caFile(place)}, err
	}
	return caOnDisk{}, os.ErrNotExist
}

func checkCertificate(cert, key string, at time.Time) error {
	files, err := certificateFiles(cert, key)
	if err != nil {
		return err
	}
	leaf, err := files.leaf()
	if err != nil {
		return err
	}
	return stillGood(caOnDisk{leaf, cert}, at)
}

func stillGood(c caOnDisk, at time.Time) error {
	if at.Before(c.NotBefore) {
		return errs.New(errs.Fix, "tls_early", "%s 还没有生效", c.file)
	}
	if at.Add(soonOver).After(c.NotAfter) {
		return errs.New(errs.Fix, "tls_over", "%s 到 %s 为止，请换新的", c.file, c.NotAfter.In(clock.Shanghai).Format("2006-01-02"))
	}
	return nil
}
