package httpapi_test

import (
	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
)

// mandate is a standing authorisation for blue rain from the county's feed.
func mandate(w *world, changes object) object {
	return but(object{"title": "蓝色暴雨自动转发", "hazards": []string{"rain"}, "levels": []string{"blue"}, "sources": []string{valley.CountyFeed},
		"max_km2": 5000, "max_sites": 100, "delay_minutes": 10, "valid_until": w.clock.Now().AddDate(0, 1, 0), "words": "汛期（示例）"}, changes)
}

// standing is an authorisation of the holder's own authority, or outside of
// another one.
func (s *scenery) standing(h holder, site string) string {
	s.w.Helper()
	office := h.authority
	if site == h.outside || office == "" {
		office = map[string]string{valley.Camp: "汉源局", valley.Slope: "汉源局", valley.Bridge: "凉山局"}[site]
	}
	if office == "" {
		office = "省厅"
	}
	return ask[uuid.UUID](s.w, `
		INSERT INTO standing_authorisation (id, authority_id, title, signed_by, hazards, levels, sources, max_km2, max_sites, delay_minutes, valid_from,
		                                    valid_until, recorded_at)
		SELECT gen_random_uuid(), $1, '示例', id, '{rain}', '{blue}', '{county}', 1, 1, 1, $2, $2::timestamptz + interval '1 day', $2
		FROM   app_user WHERE login = 'province-leader' RETURNING id`, valley.ID(office), valley.Evening).String()
}

// attachment is a scan of a draft of the holder's own authority, or outside of
// another one's.
func (s *scenery) attachment(h holder, site string) string {
	s.w.Helper()
	id := s.warningOf("draft", h, site)
	key := "attachment/" + id.String()
	s.put(key)
	return ask[uuid.UUID](s.w, `
		INSERT INTO attachment (id, warning_id, mode, file_name, content_type, size, sha256, object_key, uploaded_by, uploaded_at)
		SELECT gen_random_uuid(), $1, 'actual', 'x.pdf', 'application/pdf', 4, '\x00', $2, id, $3 FROM app_user WHERE login = 'province' RETURNING id`,
		id, key, valley.Evening).String()
}
