import {
  createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect,
} from '@tanstack/react-router';
import { parsePeopleSearch } from '@/admin/people-search';
import { whenRefused, whenSignedOut } from '@/api/client';
import { isRefusal } from '@/api/device-proof';
import { ApiProblem, isProblem } from '@/api/problem';
import { meQuery, setupQuery } from '@/api/session';
import { parseAuditSearch } from '@/audit/audit-search';
import { rememberLanguage, storedLanguage } from '@/i18n/language';
import { switchLanguage } from '@/i18n/catalogue';
import { parseImportSearch } from '@/imports/import-search';
import { shownQuery } from '@/session/devices/data';
import { ErrorFace } from '@/ui/DataState';
import { parseListSearch } from './list-search';
import { NotFoundPage } from './NotFoundPage';
import { queryClient } from './query-client';
import { Shell } from './Shell';

const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: ({ error, reset }) => <ErrorFace error={error} onRetry={reset} />,
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('@/setup/SetupPage')),
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    // Only addresses of ours: "//evil" and absolute ones would lead away after sign-in.
    typeof search.to === 'string' && /^\/(?!\/)/.test(search.to) ? { to: search.to } : {},
  component: lazyRouteComponent(() => import('@/session/SignInPage')),
});

/** Networks or devices close the application to this session: why, and whom to ask. */
const refusedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/refused',
  validateSearch: (search: Record<string, unknown>): { why: string } => ({
    why: typeof search.why === 'string' && isRefusal(search.why) ? search.why : 'network_unknown',
  }),
  component: lazyRouteComponent(() => import('@/session/devices/RefusedPage')),
});

const breakGlassRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/break-glass',
  component: lazyRouteComponent(() => import('@/admin/break-glass/OpenPage')),
});

/** Everything behind sign-in. Loads who is signed in, or sends to set-up or sign-in and keeps the target. */
const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    let me;
    try {
      me = await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (isProblem(error, 'setup_needed')) throw redirect({ to: '/setup' });
      if (error instanceof ApiProblem && isRefusal(error.key)) throw redirect({ to: '/refused', search: { why: error.key } });
      if (!isProblem(error, 'not_signed_in')) throw error;
      const setup = await queryClient.fetchQuery(setupQuery);
      if (setup.needed) throw redirect({ to: '/setup' });
      throw redirect({ to: '/sign-in', search: { to: location.href } });
    }
    if (me.language !== storedLanguage()) {
      rememberLanguage(me.language);
      await switchLanguage(me.language);
    }
    // What the session may do depends on its device: shown before anything else is asked.
    if (await queryClient.ensureQueryData(shownQuery)) me = await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
    if (isRefusal(me.restricted)) throw redirect({ to: '/refused', search: { why: me.restricted } });
    if (me.must_change_password && location.pathname !== '/account') throw redirect({ to: '/account' });
    if (me.restricted === 'must_enrol_factor' && location.pathname !== '/account/security') {
      throw redirect({ to: '/account/security' });
    }
  },
});

const page = <Path extends string>(path: Path, load: Parameters<typeof lazyRouteComponent>[0]) =>
  createRoute({ getParentRoute: () => shellRoute, path, component: lazyRouteComponent(load) });

/** A page whose view lives in the address: `parse` keeps what the page understands. */
const searchPage = <Path extends string, Search extends object>(
  path: Path,
  validateSearch: (search: Record<string, unknown>) => Search,
  load: Parameters<typeof lazyRouteComponent>[0],
) => createRoute({ getParentRoute: () => shellRoute, path, validateSearch, component: lazyRouteComponent(load) });

const listPage = <Path extends string>(path: Path, load: Parameters<typeof lazyRouteComponent>[0]) =>
  searchPage(path, parseListSearch, load);

const routeTree = rootRoute.addChildren([
  setupRoute,
  signInRoute,
  refusedRoute,
  breakGlassRoute,
  shellRoute.addChildren([
    page('/', () => import('@/home/HomePage')),
    listPage('/customers', () => import('@/customers/CustomersPage')),
    page('/customers/$id', () => import('@/customers/CustomerPage')),
    listPage('/contacts', () => import('@/records/ContactsPage')),
    listPage('/deals', () => import('@/deals/DealsPage')),
    listPage('/communications', () => import('@/communications/CommunicationsPage')),
    listPage('/tasks', () => import('@/tasks/TasksPage')),
    page('/imports', () => import('@/imports/ImportsPage')),
    searchPage('/imports/$id', parseImportSearch, () => import('@/imports/ImportPage')),
    searchPage('/audit', parseAuditSearch, () => import('@/audit/AuditPage')),
    searchPage('/admin/people', parsePeopleSearch, () => import('@/admin/PeoplePage')),
    page('/admin/leavers', () => import('@/admin/leaving/LeaversPage')),
    page('/admin/leavers/$id', () => import('@/admin/leaving/LeavingPage')),
    page('/admin/departments', () => import('@/admin/DepartmentsPage')),
    page('/admin/positions', () => import('@/admin/PositionsPage')),
    page('/admin/roles', () => import('@/admin/RolesPage')),
    page('/admin/networks', () => import('@/admin/networks/NetworksPage')),
    page('/admin/devices', () => import('@/admin/devices/DevicesPage')),
    page('/admin/break-glass', () => import('@/admin/break-glass/BreakGlassPage')),
    page('/account', () => import('@/session/AccountPage')),
    page('/account/security', () => import('@/session/security/SecurityPage')),
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: false,
});

// A session that ended elsewhere: back to sign-in, once, with the way back.
whenSignedOut(() => {
  if (!queryClient.getQueryData(meQuery.queryKey)) return;
  const to = router.state.location.href;
  queryClient.clear();
  void router.navigate({ to: '/sign-in', search: { to } });
});

whenRefused((why) => {
  // Before sign-in the form says it.
  if (router.state.location.pathname === '/sign-in' || !queryClient.getQueryData(meQuery.queryKey)) return;
  void router.navigate({ to: '/refused', search: { why } });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
