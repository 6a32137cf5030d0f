#include "base/ban.h"

int
main(void)
{
	return 0;
}
