// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Surveying;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kernel means by what it tells is found out before it is believed. */
@ExtendWith(DescriptorLeakCheck.class)
class TrialTest {

    @BeforeEach
    void allowed() throws Exception {
        Surveying.assumeAllowed();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thisKernelIsBelieved(boolean casting) throws IOException {
        assertNotEquals(0, new Trial(new KernelLayout(Btf.ofKernel(), casting)).run());
    }

    static Stream<String> members() {
        return Arrays.stream(KernelLayout.class.getDeclaredFields()).map(Field::getName);
    }

    /** If the verifier lets it pass at all. */
    @ParameterizedTest
    @MethodSource("members")
    void oneThatHasAMemberSomewhereElseIsNot(String member) throws Exception {
        KernelLayout kernel = new KernelLayout(Btf.ofKernel());
        Field field = KernelLayout.class.getDeclaredField(member);
        field.setAccessible(true);
        // Behind the number of slots that a pipe may use is the one that is charged to its user, which is the same.
        int moved = member.equals("pipeMostSlots") ? 3 * Integer.BYTES : Long.BYTES;
        field.setInt(kernel, field.getInt(kernel) + moved);
        assertThrows(IOException.class, () -> new Trial(kernel).run());
    }
}
