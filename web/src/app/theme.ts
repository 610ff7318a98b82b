import { theme, type ThemeConfig } from 'antd';

const FONT =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

const DARK: ThemeConfig['token'] = { colorPrimaryHover: '#5d76dd', colorPrimaryText: '#a3b5ff', colorErrorText: '#ff9a94' };

/** Dense but calm: small type, thin lines, one quiet colour. Both palettes keep WCAG AA contrast for text. */
export function themeFor(dark: boolean): ThemeConfig {
  // In the dark the primary colour carries white text on buttons; as text itself it must be lighter.
  const chosen = dark ? '#a5b6ff' : '#3451c7';
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      // The dark algorithm darkens these seeds: white on the result keeps 4.5:1, and so does each on the background.
      colorPrimary: dark ? '#5b78f5' : '#3b5bdb',
      colorInfo: dark ? '#5b78f5' : '#3b5bdb',
      colorLink: dark ? '#8fa6ff' : '#3451c7',
      colorSuccess: dark ? '#5cc79a' : '#1a7f4e',
      colorWarning: dark ? '#e0aa4e' : '#a15c00',
      colorError: dark ? '#ff9a94' : '#c9302c',
      colorWarningBg: dark ? '#33290f' : '#fff3d4',
      colorWarningBorder: dark ? '#5c4a1c' : '#f0d48a',
      colorErrorBg: dark ? '#3a1c1b' : '#fdecea',
      colorErrorBorder: dark ? '#6b302d' : '#f3b8b3',
      colorSuccessBg: dark ? '#12301f' : '#e6f4ec',
      colorSuccessBorder: dark ? '#1f5537' : '#a9d8bd',
      colorTextBase: dark ? '#e8eaed' : '#1c2024',
      colorBgBase: dark ? '#15171a' : '#ffffff',
      colorTextSecondary: dark ? '#b0b6be' : '#565d66',
      colorTextTertiary: dark ? '#989fa8' : '#636b75',
      colorTextDescription: dark ? '#989fa8' : '#636b75',
      colorTextPlaceholder: dark ? '#989fa8' : '#6b737d',
      colorTextQuaternary: dark ? '#989fa8' : '#6b737d',
      colorBorder: dark ? '#363b42' : '#dcdfe4',
      colorBorderSecondary: dark ? '#2d3238' : '#eceef1',
      ...(dark ? { colorBgContainer: '#1a1d21', colorBgElevated: '#23272c' } : {}),
      colorBgLayout: dark ? '#0f1113' : '#f6f7f9',
      borderRadius: 6,
      controlHeight: 30,
      fontSize: 13,
      fontSizeSM: 12,
      sizeStep: 3.5,
      fontFamily: FONT,
      wireframe: false,
      // What antd derives from these colours is too pale as text in the dark.
      ...(dark ? DARK : {}),
    },
    components: {
      // A record beside its list looks like the page it also has.
      Drawer: { colorBgElevated: dark ? '#1a1d21' : '#ffffff' },
      Menu: { itemSelectedColor: chosen, itemHeight: 32, itemMarginInline: 8, itemBorderRadius: 6, activeBarBorderWidth: 0, ...(dark ? { itemSelectedColor: '#a3b5ff' } : {}) },
      Tabs: { itemSelectedColor: chosen, itemHoverColor: chosen, itemActiveColor: chosen, inkBarColor: chosen, horizontalItemPadding: '8px 0', horizontalMargin: '0' },
      Button: { primaryShadow: 'none', defaultShadow: 'none', contentFontSize: 13 },
    },
  };
}
