"""The whole program on the real Bluetooth stack, in a virtual machine with a made-up strap."""
