import { theme } from 'antd';
import { useLayoutEffect } from 'react';
import { useDarkMode } from './appearance';

/** Colours that the catalog may give to a choice. */
const OPTION_COLOURS = ['blue', 'cyan', 'geekblue', 'gold', 'green', 'lime', 'magenta', 'orange', 'purple', 'red', 'volcano', 'yellow'] as const;

/**
 * Gives our style sheets the tokens of the theme as `--sx-…` on the root element, so that they follow
 * light and dark like antd's own components. Set by script (CSSOM), which a strict CSP allows.
 */
export function ThemeVariables() {
  const { token } = theme.useToken();
  const dark = useDarkMode();
  useLayoutEffect(() => {
    const variables: Record<string, string> = {
      text: token.colorText,
      'text-secondary': token.colorTextSecondary,
      'text-tertiary': token.colorTextTertiary,
      primary: token.colorPrimary,
      'on-primary': token.colorTextLightSolid,
      'primary-bg': token.colorPrimaryBg,
      'primary-border': token.colorPrimaryBorder,
      'primary-text': token.colorLink,
      link: token.colorLink,
      success: token.colorSuccess,
      warning: token.colorWarning,
      'warning-bg': token.colorWarningBg,
      error: token.colorError,
      'error-bg': token.colorErrorBg,
      bg: token.colorBgContainer,
      'bg-layout': token.colorBgLayout,
      'bg-elevated': token.colorBgElevated,
      fill: token.colorFillTertiary,
      'fill-soft': token.colorFillQuaternary,
      border: token.colorBorder,
      'border-soft': token.colorBorderSecondary,
      ...Object.fromEntries(OPTION_COLOURS.map((name) => [`option-${name}`, token[name]])),
      shadow: token.boxShadowTertiary,
      'font-size': `${token.fontSize}px`,
      'font-size-sm': `${token.fontSizeSM}px`,
      'font-size-lg': `${token.fontSizeLG}px`,
      'padding-xxs': `${token.paddingXXS}px`,
      'padding-xs': `${token.paddingXS}px`,
      'padding-sm': `${token.paddingSM}px`,
      padding: `${token.padding}px`,
      'padding-lg': `${token.paddingLG}px`,
      radius: `${token.borderRadius}px`,
      'radius-lg': `${token.borderRadiusLG}px`,
      'font-family': token.fontFamily,
      'font-mono': token.fontFamilyCode,
    };
    const root = document.documentElement;
    for (const [name, value] of Object.entries(variables)) root.style.setProperty(`--sx-${name}`, value);
    root.style.colorScheme = dark ? 'dark' : 'light';
  }, [token, dark]);
  return null;
}
