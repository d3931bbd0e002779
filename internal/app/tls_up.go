package app

import (
	"net"
	"strconv"

	"muster/internal/clock"
)

// plainPort is where `up --tls` answers without TLS: phones fetch the CA there.
const plainPort = "8419"

// ownTransport is TLS by the data directory's own CA, for a listener.
func ownTransport(dir string, l net.Listener, c clock.Clock) (*transport, error) {
	address := l.Addr().(*net.TCPAddr) // listen opens TCP
	hosts := localHosts
	if !address.IP.IsUnspecified() && !address.IP.IsLoopback() {
		hosts = func() []string { return []string{address.IP.String(), "localhost"} }
	}
	ca, err := openCA(dir, c, hosts)
	if err != nil {
		return nil, err
	}
	if _, err := ca.certificate(nil); err != nil {
		return nil, err
	}
	host := ""
	if !address.IP.IsUnspecified() {
		host = address.IP.String()
	}
	plain, err := net.Listen("tcp", net.JoinHostPort(host, plainPort))
	if err != nil {
		plain, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
	}
	return &transport{certificate: ca.certificate, ca: ca.pem, plain: plain, base: "https://" + reachable(address)}, err
}

// reachable is an address by which others in the network find a listener.
func reachable(a *net.TCPAddr) string {
	host := a.IP.String()
	if a.IP.IsUnspecified() {
		host = "127.0.0.1"
		if lan := lanAddresses(); len(lan) > 0 {
			host = lan[0]
		}
	}
	return net.JoinHostPort(host, strconv.Itoa(a.Port))
}

// caAddress is where a phone fetches the CA.
func (t *transport) caAddress() string {
	return "http://" + reachable(t.plain.Addr().(*net.TCPAddr)) + "/ca.crt"
}

// trustHelp says how devices come to trust the own CA.
const trustHelp = `  安卓：用系统浏览器下载 ca.crt，设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书。Chrome 随即信任。
        微信（安卓）不认用户安装的证书：点右上角“在浏览器打开”，或换用公网、政务 CA 签发的证书（MUSTER_TLS_CERT）。
  苹果：用 Safari 打开 ca.crt → 设置 → 已下载描述文件 → 安装；再到 设置 → 通用 → 关于本机 → 证书信任设置 打开它。微信随之信任。
  Windows：以管理员运行 certutil -addstore -f Root ca.crt；火狐另在 设置 → 证书 中导入。
  安装前核对指纹（SHA-256）与下面一致。没有信任证书的手机可以打开页面，但不能离线、不能安装到桌面。
`
