import { waitForHydration, AUDIT, EMAIL, expect, field, LIST, path, row, test, visit } from '../fixtures/test';

test('change is recorded with actor, time, and values before and after', async ({ page, server, accessible }) => {
  const carrier = await server.carrier({ name: 'Twilio' });
  await visit(page, AUDIT);
  await expect(row(page, 'Created Carrier Twilio')).toContainText(EMAIL);
  await page.evaluate(() => (document.body.dataset.same = 'document'));
  // Stays unfolded when entries are added.
  const created = row(page, 'Created Carrier Twilio');
  const fold = created.locator('summary');
  await expect(fold).toHaveText(/^Name and \d+ more$/);
  await fold.focus();
  await page.keyboard.press('Enter');
  await expect(created.getByRole('listitem').filter({ hasText: 'SIP address' })).toContainText('acme.pstn.twilio.com');
  await expect(created.getByRole('listitem').filter({ hasText: 'Password' })).toContainText('set');

  await server.put(`/carriers/${carrier.id}`, { outbound_burst: 33, auth_password: 'another-s3cret' });
  const changed = row(page, 'Changed Carrier Twilio');
  await expect(changed.getByRole('listitem')).toHaveText([/Password\s+from set\s+.*changed/, /Outbound burst\s+from 5\s+.*33/]);
  await expect(created.getByRole('listitem').first()).toBeVisible();
  await expect(fold).toBeFocused();
  expect(await page.evaluate(() => document.body.dataset.same)).toBe('document');
  const time = changed.locator('time');
  await expect(time).toHaveText('just now');
  expect(await time.getAttribute('datetime')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  await expect(changed.locator('.when-exact')).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  expect(await page.content()).not.toContain('s3cret');
  await accessible(page, 'audit');

  await changed.getByRole('link', { name: 'Twilio' }).click();
  await expect(page.getByRole('heading', { name: 'Twilio', level: 1 })).toBeVisible();
  // Logins are recorded too.
  await page.goBack();
  await expect(changed).toBeVisible();
  const logins = await row(page, 'Logged in').count();
  await server.logIn();
  await expect(row(page, 'Logged in')).toHaveCount(logins + 1);

  // A deleted row keeps its name without a link.
  await server.delete(`/carriers/${carrier.id}`);
  await expect(row(page, 'Deleted Carrier Twilio')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Twilio' })).toHaveCount(0);
});

test('filters are combined and kept in the address', async ({ page, server, accessible }) => {
  const carrier = await server.carrier({ name: 'Twilio' });
  await server.number(carrier, '+14155550134');
  await server.bot('Concierge');
  await visit(page, AUDIT);
  await field(page, 'Type').focus();
  await field(page, 'Type').selectOption('Number');
  await expect.poll(() => path(page)).toBe(`${AUDIT}?kind=did`);
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await expect(field(page, 'Type')).toBeFocused();
  await field(page, 'Type').selectOption('All Types');
  await expect.poll(() => path(page)).toBe(AUDIT);
  await field(page, 'Action').selectOption('Created');
  await field(page, 'User').fill(EMAIL);
  await page.getByRole('searchbox').fill('(415) 555');
  await page.getByRole('searchbox').press('Enter');
  await expect.poll(() => path(page)).toBe(`${AUDIT}?q=%28415%29%20555&actor=${encodeURIComponent(EMAIL)}&action=created`);
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await page.reload();
  await waitForHydration(page);
  await expect(field(page, 'Action')).toHaveValue('created');
  await expect(field(page, 'User')).toHaveValue(EMAIL);
  await expect(page.locator('tbody tr')).toHaveCount(1);

  await field(page, 'To').fill('2020-01-01');
  await field(page, 'To').press('Enter');
  await expect(page.getByText('Nothing found')).toBeVisible();
  await accessible(page, 'audit, nothing found');
  await page.getByRole('link', { name: /^Clear/ }).click();
  await expect(page.locator('tbody tr').nth(3)).toBeVisible();
  await expect(field(page, 'Action')).toHaveValue('');

  // The actor links to its filter.
  await row(page, 'command line').first().getByRole('link', { name: 'command line' }).click();
  await expect.poll(() => path(page)).toBe(`${AUDIT}?actor=system`);
  // The administrator, and the account of the first start.
  await expect(page.locator('tbody tr')).toHaveCount(2);
  await page.goBack();
  await expect(page.locator('tbody tr').nth(3)).toBeVisible();
});

test('invalid filter is reported', async ({ page, guard, accessible }) => {
  guard.expectRefusal(422, /^\/dashboard\/audit$/);
  guard.expectRefusal(422, /^\/api\/v1\/audit$/);
  await visit(page, `${AUDIT}?actor=somebody&from=soon`);
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Enter a user\'s e-mail address');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Enter a day such as 2026-11-20');
  await accessible(page, 'audit, refused');
});

test('history of a carrier includes its numbers', async ({ page, server }) => {
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier({ name: 'Twilio' });
  await server.carrier({ name: 'Other' });
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await visit(page, `${LIST}/${carrier.id}`);
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText('Only the history of Twilio')).toBeVisible();
  await expect(page.locator('tbody tr')).toHaveCount(2);
  const added = row(page, '+14155550134');
  await added.getByText(/^Phone number and/).click();
  await expect(added.getByRole('listitem').filter({ hasText: 'Assigned bot' })).toContainText('Concierge');
  // A filter keeps the subject.
  await field(page, 'Type').selectOption('Number');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  expect(path(page)).toBe(`${AUDIT}?subject=${carrier.id}&kind=did`);

  await visit(page, `/dashboard/bots/${bot.id}`);
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText('Only the history of Concierge')).toBeVisible();
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await page.getByRole('link', { name: 'Show All' }).click();
  await expect.poll(() => path(page)).toBe(AUDIT);
  await expect(row(page, 'Carrier Other')).toBeVisible();
});

test('audit is paged, and new entries do not shift older pages', async ({ page, server }) => {
  test.slow();
  const bot = await server.bot('Concierge');
  for (let index = 0; index < 55; index++) await server.put(`/bots/${bot.id}`, { name: `Concierge ${index}` });
  await visit(page, `${AUDIT}?subject=${bot.id}`);
  await expect(page.locator('tbody tr')).toHaveCount(50);
  await expect(page.locator('tbody tr').first()).toContainText('Concierge 54');
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page.locator('tbody tr')).toHaveCount(6);
  await expect(page.locator('tbody tr').last()).toContainText('Created');
  await expect(page.getByRole('link', { name: 'Next' })).toHaveCount(0);
  await server.put(`/bots/${bot.id}`, { name: 'Newest of all' });
  await page.getByRole('link', { name: 'Previous' }).click();
  await expect(page.locator('tbody tr').first()).toContainText('Newest of all');
});

test('audit fits a narrow screen @narrow', async ({ page, server, accessible }) => {
  const carrier = await server.carrier({
    name: 'Twilio Elastic SIP trunking for the East of the United States',
    sip_address: 'a-very-long-name-of-a-customer-account.pstn.ashburn.twilio.com:5061',
  });
  await server.put(`/carriers/${carrier.id}`, { allowed_addresses: ['54.172.60.0/30', '2001:db8:1234:5678:9abc:def0:1234:5678'] });
  await visit(page, AUDIT);
  await row(page, 'Created Carrier').getByText(/more$/).tap();
  await expect(page.getByText('a-very-long-name')).toBeVisible();
  const [needed, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(needed).toBeLessThanOrEqual(width);
  // What the sticky bar covers in part would count as too small a target.
  await page.evaluate(() => scrollTo(0, 0));
  await accessible(page, 'audit, narrow');
});
