import { Outlet } from '@tanstack/react-router';
import { Drawer } from 'antd';
import { lazy, Suspense, useEffect, useState } from 'react';
import { StepUp } from '@/session/security/StepUp';
import { AlarmBanner } from '@/admin/break-glass/AlarmBanner';
import { Watermark } from './Watermark';
import { useMe } from './session';
import styles from './Shell.module.css';
import { SideMenu } from './SideMenu';
import { app } from './texts';
import { TopBar } from './TopBar';
import { usePhone } from './usePhone';

const SearchPalette = lazy(() => import('@/records/search/SearchPalette'));
const COLLAPSED_KEY = 'shouxin.menu.collapsed';

/** The frame around every page of a signed-in person. */
export function Shell() {
  const t = app.useText();
  const me = useMe();
  const phone = usePhone();
  const [collapsed, setCollapsed] = useState(() => localStorage.getItem(COLLAPSED_KEY) === '1');
  const [drawer, setDrawer] = useState(false);
  const [searching, setSearching] = useState(false);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        setSearching(true);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const toggleMenu = () => {
    if (phone) return setDrawer(true);
    localStorage.setItem(COLLAPSED_KEY, collapsed ? '0' : '1');
    setCollapsed(!collapsed);
  };
  const brand = (small: boolean) => (
    <div className={styles.brand}>
      <img src="/favicon.svg" alt="" width={24} height={24} />
      {small ? null : (
        <span className={styles.brandText}>
          <strong>{t('product')}</strong>
          <small title={me.workspace.company}>{me.workspace.company}</small>
        </span>
      )}
    </div>
  );

  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">{t('skip')}</a>
      {phone ? (
        <Drawer open={drawer} onClose={() => setDrawer(false)} placement="left" size={240} title={brand(false)} styles={{ body: { padding: 0 } }}>
          <SideMenu collapsed={false} onNavigate={() => setDrawer(false)} />
        </Drawer>
      ) : (
        <aside className={styles.side} data-collapsed={collapsed} aria-label={t('product')}>
          {brand(collapsed)}
          <SideMenu collapsed={collapsed} />
        </aside>
      )}
      <div className={styles.body}>
        <TopBar phone={phone} collapsed={collapsed} onMenu={toggleMenu} onSearch={() => setSearching(true)} />
        <AlarmBanner />
        <main id="content" className={styles.content} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <StepUp me={me} />
      <Watermark lines={[me.name, me.login]} />
      {searching ? (
        <Suspense fallback={null}>
          <SearchPalette onClose={() => setSearching(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}
