"""The difference of the bill and the money: what is due, still to capture, taken and outstanding (AFTER_SALE §1)."""

from uuid import UUID, uuid4

from order_api.proof.bill import Balance, Bill, Departed, Money, balance_of

FIRST, SECOND, THIRD = uuid4(), uuid4(), uuid4()


def parcels(**remaining: int) -> dict[UUID, Departed]:
    """Parcels of which adjustments have taken nothing."""
    ids = {"first": FIRST, "second": SECOND}
    return {ids[name]: Departed(amount, amount) for name, amount in remaining.items()}


def test_before_anything_ships_all_of_it_is_still_to_capture_and_the_customer_owes_nothing_now() -> None:
    balance = balance_of(Bill(116_49), Money())

    assert balance == Balance(116_49, 116_49, 0, 0, 0, 116_49, {})


def test_canceled_units_lower_what_is_due_and_what_is_still_to_capture() -> None:
    balance = balance_of(Bill(116_49, adjusted=-19_70, adjusted_before_departure=-19_70), Money())

    assert (balance.due, balance.to_capture, balance.outstanding) == (96_79, 96_79, 96_79)


def test_a_parcel_is_captured_for_what_it_is_worth_and_the_rest_stays_to_capture() -> None:
    balance = balance_of(Bill(116_49, parcels=parcels(first=65_58)), Money())

    assert (balance.to_capture, balance.unpaid) == (50_91, {FIRST: 65_58})


def test_what_was_taken_for_a_parcel_is_not_taken_again() -> None:
    bill = Bill(116_49, parcels=parcels(first=65_58, second=50_91))

    balance = balance_of(bill, Money(captured={FIRST: 65_58, SECOND: 20_00}))

    assert (balance.captured, balance.outstanding, balance.unpaid) == (85_58, 30_91, {SECOND: 30_91})


def test_a_written_off_parcel_is_unpaid_no_more_and_nothing_is_outstanding() -> None:
    bill = Bill(116_49, parcels=parcels(first=65_58, second=50_91))

    balance = balance_of(bill, Money(captured={FIRST: 65_58}, written_off={SECOND: 50_91}))

    assert (balance.written_off, balance.outstanding, balance.unpaid) == (50_91, 0, {})


def test_a_capture_never_takes_more_than_the_customer_owes_now() -> None:
    """A price reduction of the order has no parcel of its own."""
    bill = Bill(116_49, adjusted=-1_00, parcels=parcels(first=65_58, second=50_91))

    assert balance_of(bill, Money()).unpaid == {FIRST: 64_58, SECOND: 50_91}
    assert balance_of(bill, Money(captured={FIRST: 64_58, SECOND: 50_91})).unpaid == {}


def test_a_parcel_that_leaves_after_a_reduction_is_captured_whole() -> None:
    """The first parcel was written off; a reduction of the second then ended 30.00 of that. Its process is over, so
    what the third brings must not be asked for the first."""
    left = {FIRST: Departed(100_00, 100_00), SECOND: Departed(100_00, 70_00), THIRD: Departed(50_00, 50_00)}
    bill = Bill(250_00, adjusted=-30_00, parcels=left)

    balance = balance_of(bill, Money(captured={SECOND: 100_00}, written_off={FIRST: 70_00}))

    assert balance.unpaid == {THIRD: 50_00}


def test_where_adjustments_have_taken_everything_a_parcel_is_not_captured() -> None:
    bill = Bill(10_00, adjusted=-10_00, parcels={FIRST: Departed(10_00, 0)})

    assert balance_of(bill, Money()) == Balance(0, 0, 0, 0, 0, 0, {})


def test_what_we_took_too_much_is_below_zero_until_it_is_refunded() -> None:
    bill = Bill(10_00, adjusted=-4_00, parcels={FIRST: Departed(10_00, 6_00)})

    assert balance_of(bill, Money(captured={FIRST: 10_00})).outstanding == -4_00
    assert balance_of(bill, Money(captured={FIRST: 10_00}, refunded=4_00)).outstanding == 0


def test_money_of_no_parcel_lowers_what_is_still_to_capture() -> None:
    balance = balance_of(Bill(10_00), Money(captured={None: 4_00}))

    assert (balance.to_capture, balance.outstanding) == (6_00, 6_00)


def test_money_of_no_parcel_beyond_the_goods_to_come_is_owed_to_the_customer() -> None:
    balance = balance_of(Bill(10_00, parcels=parcels(first=8_00)), Money(captured={None: 4_00, FIRST: 8_00}))

    assert (balance.to_capture, balance.outstanding) == (0, -2_00)


def test_what_remains_of_an_order_is_what_adjustments_have_left_of_it() -> None:
    bill = Bill(30_00, -12_00, -10_00, {FIRST: Departed(8_00, 6_00)})

    assert (bill.not_departed, bill.remaining) == (12_00, 18_00)
