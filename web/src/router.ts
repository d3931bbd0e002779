import { createRouter, createWebHistory, type RouteComponent, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router';
import type { Table } from './format/records';
import { whoAmI } from './state/session';

const InboxList = () => import('./pages/InboxList.vue');
const RegistryList = () => import('./pages/RegistryList.vue');
const RecordEdit = () => import('./pages/RecordEdit.vue');
const SiteHint = () => import('./pages/SiteHint.vue');
const WarningPage = () => import('./pages/WarningPage.vue');
const EditorPage = () => import('./pages/EditorPage.vue');

declare module 'vue-router' {
  interface RouteMeta { title?: string; section?: 'inbox' | 'board' | 'new' | 'sites' | 'projects' | 'people' | 'devices' | 'verify' | 'watch' | 'standing'; open?: boolean; plain?: boolean }
}

const GatesPage = () => import('./pages/GatesPage.vue');
const StandingPage = () => import('./pages/StandingPage.vue');
const RecordPanel = () => import('./pages/RecordPanel.vue');

const sectionOf = (table: Table) => (table === 'sections' || table === 'companies' ? 'projects' as const : table === 'teams' || table === 'certificates' ? 'people' as const : table);

/** The four addresses of a table: its list, one record, a new one, a changed one. */
function tables(table: Table, title: string, panel: () => Promise<unknown> = RecordPanel): RouteRecordRaw[] {
  const meta = { title, section: sectionOf(table) };
  const list = { table };
  const one = (to: RouteLocationNormalized) => ({ id: String(to.params.id), ...list });
  return [
    { path: table, components: { list: RegistryList, panel: SiteHint }, props: { list, panel: list }, meta },
    { path: `${table}/new`, components: { list: RegistryList, panel: RecordEdit }, props: { list, panel: list }, meta },
    { path: `${table}/:id`, components: { list: RegistryList, panel: panel as RouteComponent }, props: { list, panel: table === 'sites' ? true : one }, meta },
    { path: `${table}/:id/edit`, components: { list: RegistryList, panel: RecordEdit }, props: { list, panel: one }, meta },
  ];
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/login', component: () => import('./pages/LoginPage.vue'), meta: { title: '登录', open: true } },
    {
      path: '/',
      component: () => import('./pages/DeskLayout.vue'),
      children: [
        { path: '', components: { list: InboxList, panel: () => import('./pages/InboxPanel.vue') }, meta: { title: '待办', section: 'inbox' } },
        { path: 'warnings/:id', components: { list: InboxList, panel: WarningPage }, props: { panel: true }, meta: { title: '预警', section: 'inbox' } },
        { path: 'warnings/:id/edit', components: { panel: EditorPage }, props: { panel: true }, meta: { title: '修改', section: 'inbox' } },
        { path: 'warnings/:id/publish', components: { panel: () => import('./pages/PublishPage.vue') }, props: { panel: true }, meta: { title: '发布前检查', section: 'inbox', plain: true } },
        {
          path: 'warnings/:id/board', components: { head: () => import('./pages/BoardHead.vue'), list: () => import('./pages/BoardTable.vue'), panel: () => import('./pages/BoardPanel.vue') },
          props: { head: true, list: true, panel: false }, meta: { title: '看板', section: 'board' },
        },
        { path: 'boards', components: { panel: () => import('./pages/BoardsPage.vue') }, meta: { title: '看板', section: 'board', plain: true } },
        { path: 'warnings/:id/report', components: { panel: () => import('./pages/ReportPage.vue') }, props: { panel: true }, meta: { title: '事后报告', section: 'board', plain: true } },
        { path: 'verify', components: { panel: () => import('./pages/VerifyPage.vue') }, meta: { title: '核实', section: 'verify', plain: true } },
        { path: 'watch', components: { panel: () => import('./pages/WatchPage.vue') }, meta: { title: '值守', section: 'watch', plain: true } },
        { path: 'new', components: { panel: EditorPage }, meta: { title: '新预警', section: 'new' } },
        ...tables('sites', '点位', () => import('./pages/SitePanel.vue')),
        { path: 'sites/:id/checkin', components: { panel: () => import('./pages/CheckinPage.vue') }, props: { panel: true }, meta: { title: '扫码点', section: 'sites', plain: true } },
        { path: 'sites/:id/expected', components: { panel: () => import('./pages/ExpectedPage.vue') }, props: { panel: true }, meta: { title: '请假、班次', section: 'sites', plain: true } },
        ...tables('projects', '项目'),
        ...tables('sections', '合同段'),
        ...tables('companies', '单位'),
        ...tables('people', '人员'),
        ...tables('teams', '班组'),
        ...tables('certificates', '证书'),
        { path: 'devices/new', redirect: (to) => ({ path: '/gates/new', query: to.query }) },
        ...tables('devices', '设备'),
        ...['gates', 'gates/new', 'gates/unknown/:unknown', 'gates/:id'].map((path) => ({ path, components: { panel: GatesPage }, meta: { title: '设备接入', section: 'devices' as const, plain: true } })),
        { path: 'imports', redirect: '/imports/people' },
        { path: 'imports/:kind', components: { panel: () => import('./pages/ImportPage.vue') }, props: { panel: true }, meta: { title: '导入', plain: true } },
        ...['standing', 'standing/new', 'standing/:id'].map((path) => ({ path, components: { panel: StandingPage }, meta: { title: '常设授权', section: 'standing' as const, plain: true } })),
      ],
    },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});

router.beforeEach(async (to) => {
  if (to.meta.open) return true;
  try {
    return (await whoAmI()) ? true : { path: '/login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  } catch {
    return { path: '/login', query: { down: '1', next: to.fullPath } };
  }
});

router.afterEach((to) => {
  document.title = to.meta.title ? `${to.meta.title} · Muster` : 'Muster';
});
