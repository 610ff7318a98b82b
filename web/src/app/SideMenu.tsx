import {
  AlertOutlined, ApartmentOutlined, AuditOutlined, CheckSquareOutlined, CloudUploadOutlined, ContactsOutlined, FunnelPlotOutlined, GlobalOutlined,
  HomeOutlined, IdcardOutlined, LaptopOutlined, MailOutlined, SafetyCertificateOutlined, ShopOutlined,
} from '@ant-design/icons';
import { Link, useRouterState } from '@tanstack/react-router';
import { Menu, type MenuProps } from 'antd';
import type { ReactNode } from 'react';
import { ADMINISTRATION, allowed, WORK, type MenuEntry } from './menu';
import { useCan, useImports } from './session';
import { app } from './texts';

const ICONS: Record<string, ReactNode> = {
  '/': <HomeOutlined />,
  '/customers': <ShopOutlined />,
  '/contacts': <ContactsOutlined />,
  '/deals': <FunnelPlotOutlined />,
  '/communications': <MailOutlined />,
  '/tasks': <CheckSquareOutlined />,
  '/imports': <CloudUploadOutlined />,
  '/admin/people': <IdcardOutlined />,
  '/admin/departments': <ApartmentOutlined />,
  '/admin/roles': <SafetyCertificateOutlined />,
  '/admin/networks': <GlobalOutlined />,
  '/admin/devices': <LaptopOutlined />,
  '/admin/break-glass': <AlertOutlined />,
  '/audit': <AuditOutlined />,
};

interface SideMenuProps {
  collapsed: boolean;
  onNavigate?: (() => void) | undefined;
}

/** The places this person may go to. */
export function SideMenu({ collapsed, onNavigate }: SideMenuProps) {
  const t = app.useText();
  const can = useCan();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const imports = useImports();
  const work = allowed(WORK, can).filter((entry) => entry.path !== '/imports' || imports);
  const administration = allowed(ADMINISTRATION, can);
  const current = [...work, ...administration]
    .filter((entry) => (entry.path === '/' ? path === '/' : path.startsWith(entry.path)))
    .map((entry) => entry.path);
  const item = (entry: MenuEntry) => ({
    key: entry.path,
    icon: ICONS[entry.path],
    title: t(entry.text),
    label: <Link to={entry.path}>{t(entry.text)}</Link>,
  });
  const items: MenuProps['items'] = [
    ...work.map(item),
    ...(administration.length === 0
      ? []
      : [
          { type: 'divider' as const, key: 'line' },
          { type: 'group' as const, key: 'administration', label: collapsed ? null : t('menu.group.administration'), children: administration.map(item) },
        ]),
  ];
  return (
    <nav aria-label={t('menu.label')}>
      <Menu
        mode="inline"
        items={items}
        selectedKeys={current}
        inlineCollapsed={collapsed}
        onClick={() => onNavigate?.()}
        style={{ background: 'transparent', borderInlineEnd: 'none' }}
      />
    </nav>
  );
}
