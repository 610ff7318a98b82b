import { MenuFoldOutlined, MenuOutlined, MenuUnfoldOutlined, MoonOutlined, SearchOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useLanguage } from '@/i18n/catalogue';
import { setAppearance, useDarkMode } from './appearance';
import { useCan } from './session';
import styles from './Shell.module.css';
import { app } from './texts';
import { useLanguageSwitch } from './useLanguageSwitch';
import { UserMenu } from './UserMenu';

const isMac = navigator.userAgent.includes('Mac');

interface TopBarProps {
  phone: boolean;
  collapsed: boolean;
  onMenu: () => void;
  onSearch: () => void;
}

export function TopBar({ phone, collapsed, onMenu, onSearch }: TopBarProps) {
  const t = app.useText();
  const language = useLanguage();
  const dark = useDarkMode();
  const can = useCan();
  const switchTo = useLanguageSwitch();
  const menuText = phone ? t('menu.open') : collapsed ? t('menu.expand') : t('menu.collapse');
  const menuIcon = phone ? <MenuOutlined /> : collapsed ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />;
  const appearanceText = dark ? t('appearance.light') : t('appearance.dark');
  return (
    <header className={styles.top}>
      <Button type="text" icon={menuIcon} aria-label={menuText} onClick={onMenu} />
      <button type="button" className={styles.search} onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
        <SearchOutlined aria-hidden="true" />
        <span className={styles.searchText}>{phone || !can('list.customer') ? t('search') : t('search.hint')}</span>
        {phone ? null : <kbd className={styles.kbd}>{isMac ? '⌘K' : 'Ctrl K'}</kbd>}
      </button>
      <div className={styles.tools}>
        <Tooltip title={t('language.switch')}>
          <Button
            type="text"
            aria-label={t('language.switch')}
            onClick={() => void switchTo(language === 'zh' ? 'en' : 'zh')}
          >
            {language === 'zh' ? 'EN' : '中'}
          </Button>
        </Tooltip>
        <Tooltip title={appearanceText}>
          <Button
            type="text"
            icon={dark ? <SunOutlined /> : <MoonOutlined />}
            aria-label={appearanceText}
            onClick={() => setAppearance(dark ? 'light' : 'dark')}
          />
        </Tooltip>
        <UserMenu />
      </div>
    </header>
  );
}
