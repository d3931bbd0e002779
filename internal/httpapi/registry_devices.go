package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
)

var (
	purposeLabels      = words[string]{{"presence", "进出"}, {"attendance", "只考勤"}}
	deviceWayLabels    = words[string]{{"in", "进"}, {"out", "出"}, {"both", "进出"}}
	deviceStatusLabels = words[string]{{"active", "在用"}, {"silent", "长时间没有消息"}, {"disabled", "停用"}}
)

type registeredDeviceView struct {
	ID             uuid.UUID  `json:"id"`
	Serial         string     `json:"serial"`
	Purpose        string     `json:"purpose"`
	PurposeLabel   string     `json:"purpose_label"`
	Direction      string     `json:"direction"`
	DirectionLabel string     `json:"direction_label"`
	Status         string     `json:"status" enum:"active,silent,disabled"`
	StatusLabel    string     `json:"status_label"`
	LastSeenAt     *time.Time `json:"last_seen_at"`
	DisabledAt     *time.Time `json:"disabled_at"`
	RecordedAt     time.Time  `json:"recorded_at"`
	Version        int        `json:"version"`
	Site           unitView   `json:"site"`
	Section        idName     `json:"section"`
	Project        idName     `json:"project"`
	Region         codeName   `json:"region"`
}

func viewRegisteredDevice(d postgres.RegisteredDevice, at time.Time) registeredDeviceView {
	status := "active"
	switch {
	case d.DisabledAt != nil:
		status = "disabled"
	case d.LastSeenAt == nil || at.Sub(*d.LastSeenAt) > postgres.DeviceSilent:
		status = "silent"
	}
	return registeredDeviceView{ID: d.ID, Serial: d.Serial, Purpose: d.Purpose, PurposeLabel: purposeLabels.of(d.Purpose), Direction: d.Direction,
		DirectionLabel: deviceWayLabels.of(d.Direction), Status: status, StatusLabel: deviceStatusLabels.of(status), LastSeenAt: d.LastSeenAt,
		DisabledAt: d.DisabledAt, RecordedAt: d.RecordedAt, Version: d.Version, Site: unitView{d.SiteID, d.SiteCode, d.SiteName},
		Section: idName{d.SectionID, d.SectionName}, Project: idName{d.ProjectID, d.ProjectName}, Region: codeName{d.Region, d.RegionName}}
}

func (s *Server) deviceRoutes() {
	allow(s, operation{id: "listDevices", method: http.MethodGet, path: "/devices", summary: "设备列表；kind 为用途"}, account.SeeSites, s.listDevices)
	allow(s, operation{id: "getDevice", method: http.MethodGet, path: "/devices/{id}", summary: "设备"}, account.SeeSites, s.getDevice)
	allow(s, operation{id: "registerDevice", method: http.MethodPost, path: "/devices", summary: "登记设备，密钥只显示这一次", status: http.StatusCreated}, account.EditDevices, s.registerDevice)
	allow(s, operation{id: "replaceDevice", method: http.MethodPut, path: "/devices/{id}", summary: "修改、移动或停用设备"}, account.EditDevices, s.replaceDevice)
	allow(s, operation{id: "rekeyDevice", method: http.MethodPost, path: "/devices/{id}/key", summary: "更换设备密钥，只显示这一次"}, account.EditDevices, s.rekeyDevice)
}

type listDevicesRequest struct {
	ListRequest
	Status  string    `query:"status" enum:"active,silent,disabled"`
	Project uuid.UUID `query:"project"`
	Section uuid.UUID `query:"section"`
	Site    uuid.UUID `query:"site"`
}

func (in listDevicesRequest) filter() (postgres.RegistryFilter, error) {
	f, err := in.ListRequest.filter()
	f.Status, f.Project, f.Section, f.Site = in.Status, in.Project, in.Section, in.Site
	return f, firstError(err, noSuchWord("kind", in.Kind, purposeLabels.of(in.Kind) != in.Kind))
}

func markDevice(d postgres.RegisteredDevice) postgres.NameMark {
	return postgres.NameMark{Name: d.Serial, ID: d.ID}
}

func (s *Server) listDevices(ctx context.Context, c call, in *listDevicesRequest) (*answer[page[registeredDeviceView]], error) {
	return pageByName(in, func(f postgres.RegistryFilter) ([]postgres.RegisteredDevice, error) {
		return s.DB.RegisteredDevices(ctx, c.scope, f, c.at)
	}, func(d postgres.RegisteredDevice) registeredDeviceView { return viewRegisteredDevice(d, c.at) }, markDevice)
}

// DevicePath names a device in the path.
type DevicePath struct {
	ID uuid.UUID `path:"id"`
}

func (s *Server) getDevice(ctx context.Context, c call, in *DevicePath) (*answer[registeredDeviceView], error) {
	d, err := s.DB.RegisteredDeviceByID(ctx, c.scope, in.ID)
	return reply(viewRegisteredDevice(d, c.at), err)
}

// DeviceBody is where a device stands and what it is for.
type DeviceBody struct {
	SiteID    uuid.UUID `json:"site_id"`
	Purpose   string    `json:"purpose" enum:"presence,attendance" doc:"attendance：只考勤，不改变在场"`
	Direction string    `json:"direction" enum:"in,out,both"`
}

// keyedDevice is a device with its new key. A request that is sent again is
// answered without it: it is stored nowhere.
type keyedDevice struct {
	Device registeredDeviceView `json:"device"`
	Key    *string              `json:"key" doc:"只显示这一次；重发同一请求时为空，须更换密钥"`
}

func (s *Server) keyed(ctx context.Context, c call, id uuid.UUID, key string, fresh bool) (*answer[keyedDevice], error) {
	d, err := s.DB.RegisteredDeviceByID(ctx, c.scope, id)
	v := keyedDevice{Device: viewRegisteredDevice(d, c.at)}
	if fresh {
		v.Key = &key
	}
	return reply(v, err)
}

func (s *Server) registerDevice(ctx context.Context, c call, in *struct {
	OnceHeader
	Body struct {
		Serial string `json:"serial" minLength:"1" maxLength:"80" pattern:"^[^\\s/]+$"`
		DeviceBody
	}
}) (*answer[keyedDevice], error) {
	key := account.NewKey("device")
	d := roster.Device{Serial: in.Body.Serial, SiteID: in.Body.SiteID, Purpose: in.Body.Purpose, Direction: in.Body.Direction}
	id, fresh, err := s.DB.RegisterDevice(ctx, c.scope, d, key, c.actor(), in.once(c, "register device", in.Body), c.at)
	if err != nil {
		return nil, err
	}
	return s.keyed(ctx, c, id, key, fresh)
}

func (s *Server) replaceDevice(ctx context.Context, c call, in *struct {
	DevicePath
	Body struct {
		Version int `json:"version"`
		DeviceBody
		Disabled bool `json:"disabled,omitempty"`
	}
}) (*answer[registeredDeviceView], error) {
	d := roster.Device{ID: in.ID, SiteID: in.Body.SiteID, Purpose: in.Body.Purpose, Direction: in.Body.Direction}
	if err := s.DB.UpdateDevice(ctx, c.scope, in.Body.Version, d, in.Body.Disabled, c.actor(), c.at); err != nil {
		return nil, err
	}
	return s.getDevice(ctx, c, &in.DevicePath)
}

func (s *Server) rekeyDevice(ctx context.Context, c call, in *struct {
	OnceHeader
	DevicePath
	Body struct {
		Version int `json:"version"`
	}
}) (*answer[keyedDevice], error) {
	key := account.NewKey("device")
	fresh, err := s.DB.RekeyDevice(ctx, c.scope, in.ID, in.Body.Version, key, c.actor(), in.once(c, "rekey "+in.ID.String(), in.Body), c.at)
	if err != nil {
		return nil, err
	}
	return s.keyed(ctx, c, in.ID, key, fresh)
}
