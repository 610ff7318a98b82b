import { QueryClientProvider } from '@tanstack/react-query';
import { App, ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/en-gb';
import 'dayjs/locale/zh-cn';
import { useEffect, useMemo, type ReactNode } from 'react';
import { useLanguage } from '@/i18n/catalogue';
import { useDarkMode } from './appearance';
import { queryClient } from './query-client';
import { app } from './texts';
import { themeFor } from './theme';
import { ThemeVariables } from './ThemeVariables';

/** The server puts a fresh nonce into the page; antd signs its style elements with it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/**
 * Dialogs, drawers and menus live in their own element. In `body` itself antd would lock scrolling with a style
 * element that carries no nonce, which the CSP refuses; our body does not scroll anyway.
 */
function layers(): HTMLElement {
  return document.getElementById('layers') ?? document.body;
}

export function Providers({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const dark = useDarkMode();
  const theme = useMemo(() => themeFor(dark), [dark]);
  dayjs.locale(language === 'zh' ? 'zh-cn' : 'en-gb');
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = app.text('product');
  }, [language]);
  return (
    <QueryClientProvider client={queryClient}>
      <ConfigProvider csp={{ nonce }} getPopupContainer={layers} locale={language === 'zh' ? zhCN : enGB} theme={theme} button={{ autoInsertSpace: false }}>
        <App component={false}>
          <ThemeVariables />
          {children}
        </App>
      </ConfigProvider>
    </QueryClientProvider>
  );
}
