import { theme, type ThemeConfig } from 'antd';

const FONT =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

/** Dense but calm: small type, thin lines, one quiet colour. Both palettes keep WCAG AA contrast for text. */
export function themeFor(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: dark ? '#6d8bff' : '#3b5bdb',
      colorInfo: dark ? '#6d8bff' : '#3b5bdb',
      colorLink: dark ? '#8fa6ff' : '#3451c7',
      colorSuccess: dark ? '#4fb286' : '#1a7f4e',
      colorWarning: dark ? '#d9a03f' : '#a15c00',
      colorError: dark ? '#f0716b' : '#c9302c',
      colorTextBase: dark ? '#e8eaed' : '#1c2024',
      colorBgBase: dark ? '#15171a' : '#ffffff',
      colorTextSecondary: dark ? '#b0b6be' : '#565d66',
      colorTextTertiary: dark ? '#989fa8' : '#636b75',
      colorTextDescription: dark ? '#989fa8' : '#636b75',
      colorTextPlaceholder: dark ? '#989fa8' : '#6b737d',
      colorTextQuaternary: dark ? '#989fa8' : '#6b737d',
      colorBorder: dark ? '#363b42' : '#dcdfe4',
      colorBorderSecondary: dark ? '#292d33' : '#eceef1',
      colorBgLayout: dark ? '#0f1113' : '#f6f7f9',
      borderRadius: 6,
      controlHeight: 30,
      fontSize: 13,
      fontSizeSM: 12,
      sizeStep: 3.5,
      fontFamily: FONT,
      wireframe: false,
    },
    components: {
      Menu: { itemHeight: 32, itemMarginInline: 8, itemBorderRadius: 6, activeBarBorderWidth: 0 },
      Tabs: { horizontalItemPadding: '8px 0', horizontalMargin: '0' },
      Button: { primaryShadow: 'none', defaultShadow: 'none', contentFontSize: 13 },
    },
  };
}
