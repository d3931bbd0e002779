package httpapi_test

import (
	"strings"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
)

// What is filled in to make something new. Words with a dollar are filled in by
// the place that is tried.
var (
	newSite = object{"section_id": "$section", "code": "$new", "name": "新点位（示例）", "kind": "yard", "sleeps": false, "at_risk": false, "region": "$region",
		"datum": "wgs84", "geometry": rawJSON(`{"type":"Point","coordinates":[102.36,29.23]}`), "signal": "good"}
	newProject = object{"code": "$new", "name": "新工程（示例）", "sector": "road", "owner_id": valley.ID("owner1"), "region": "$region", "status": "building"}
	newSection = object{"code": "$new", "name": "新合同段（示例）", "kind": "construction", "company_id": "$company", "status": "building"}
	newCompany = object{"name": "$new", "kind": "contractor"}
	newPost    = object{"unit_kind": "site", "unit_id": "$site", "role": "worker"}
	newDevice  = object{"site_id": "$site", "purpose": "presence", "direction": "both"}
)

func asks(o object) func(*world) any { return func(*world) any { return but(object{}, o) } }

// registered makes something at a site. A project or section is outside only
// where nothing of it is inside: what lies outside is that of the bridge.
func (s *scenery) registered(place string, h holder, site string) string {
	s.w.Helper()
	outside := site == h.outside
	s.at = site
	if outside && (place == "project" || place == "section" || place == "company" || place == "far") {
		s.at = valley.Bridge
	}
	switch place {
	case "project", "section":
		return ask[string](s.w, "SELECT "+place+"_id::text FROM site WHERE id = $1", valley.ID(s.at))
	case "company": // new, and owner of the project
		company := uuid.NewString()
		s.w.sql("INSERT INTO company (id, name, kind) VALUES ($1, $2, 'owner')", company, company)
		s.w.sql("UPDATE project SET owner_id = $1 WHERE id = (SELECT project_id FROM site WHERE id = $2)", company, valley.ID(s.at))
		return company
	case "certificate":
		return ask[string](s.w, "INSERT INTO certificate (id, person_id, kind, valid_from, recorded_at) VALUES (gen_random_uuid(), $1, '职称证', $2, $2) RETURNING id::text",
			s.registered("person", h, site), valley.Evening)
	case "person", "post":
		person, post := uuid.NewString(), uuid.NewString()
		s.w.sql("INSERT INTO person (id, name, recorded_at) VALUES ($1, '示例', $2)", person, valley.Evening)
		s.w.sql(`INSERT INTO post (id, person_id, unit_kind, unit_id, role, valid_from, recorded_at) VALUES ($1, $2, 'site', $3, 'worker', $4, $4)`,
			post, person, valley.ID(site), valley.Evening)
		return map[string]string{"person": person, "post": post}[place]
	case "copy": // of the site: the others shall stay as they are
		return ask[string](s.w, `INSERT INTO site (id, project_id, section_id, code, name, kind, sleeps, region, datum, geom, h3_5, h3_7, h3_9, valid_from, recorded_at)
			SELECT gen_random_uuid(), project_id, section_id, gen_random_uuid()::text, name, 'yard', false, region, datum, geom, h3_5, h3_7, h3_9, valid_from, recorded_at
			FROM site WHERE id = $1 RETURNING id::text`, valley.ID(site))
	case "device":
		return ask[string](s.w, `INSERT INTO device (id, serial, site_id, purpose, direction, key_hash, recorded_at)
			VALUES (gen_random_uuid(), gen_random_uuid()::text, $1, 'presence', 'both', gen_random_uuid()::text::bytea, $2) RETURNING id::text`, valley.ID(site), valley.Evening)
	}
	return valley.ID(site).String()
}

// filled puts what belongs to the place into a body.
func (s *scenery) filled(body object) object {
	out := object{}
	for key, value := range body {
		switch v := value.(type) {
		case object:
			value = s.filled(v)
		case string:
			if word, is := strings.CutPrefix(v, "$"); is {
				value = s.word(word, body)
			}
		}
		out[key] = value
	}
	return out
}

func (s *scenery) word(word string, body object) any {
	s.w.Helper()
	site := valley.ID(s.at)
	switch word {
	case "new":
		return "N" + uuid.NewString()
	case "site":
		return site
	case "version":
		table := "section"
		if body["owner_id"] != nil {
			table = "project"
		}
		return ask[int](s.w, "SELECT x.version FROM site s JOIN "+table+" x ON x.id = s."+table+"_id WHERE s.id = $1", site)
	case "company":
		return ask[string](s.w, "SELECT c.company_id::text FROM site s JOIN section c ON c.id = s.section_id WHERE s.id = $1", site)
	case "territory":
		return ask[string](s.w, "SELECT p.region FROM site s JOIN project p ON p.id = s.project_id WHERE s.id = $1", site)
	case "region":
		return ask[string](s.w, "SELECT region FROM site WHERE id = $1", site)
	}
	return ask[string](s.w, "SELECT "+word+"_id::text FROM site WHERE id = $1", site)
}
