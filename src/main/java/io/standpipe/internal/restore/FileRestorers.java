// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.FileRecord;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.ObjrefTable;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.pipe.Fd;




import java.util.List;

/**
 * The table from f_type to restorer; the series' restore_file_ops. A new kind of file is one more row.
 */
public final class FileRestorers implements AutoCloseable {

    private record Row(String name, int fileType, FileRestorer restorer) {}

    private final List<Row> table;

    private final PipeFiller contents;
    private final ObjrefTable<Object> objects;

    /** @param objects where restored pipes wait under their objrefs */
    FileRestorers(
            PayloadSource source, RestoreOptions options, Deviations deviations, ObjrefTable<Object> objects) {
        this.objects = objects;
        contents = new PipeFiller(source, options.copying());
        Fifos fifos = new Fifos(options, deviations);
        table = List.of(
                row("PIPE", FileRecord.TYPE_PIPE, description -> NewPipe.create(), deviations),
                row("FIFO", FileRecord.TYPE_FIFO, fifos::make, deviations));
    }

    private Row row(String name, int fileType, PipeRestorer.Maker maker, Deviations deviations) {
        return new Row(name, fileType, new PipeRestorer(maker, contents, objects, deviations));
    }

    Fd restore(Image.Description description) throws StandpipeException {
        for (Row row : table) {
            if (row.fileType() == description.file().fileType()) {
                return row.restorer().restore(description);
            }
        }
        throw new ImageRefusedException("FILE " + description.objref() + ": f_type is "
                + description.file().fileType() + ", expected one of "
                + table.stream().map(row -> row.fileType() + " (" + row.name() + ")").toList());
    }

    void settle() throws StandpipeException {
        for (Row row : table) {
            row.restorer().settle();
        }
    }

    void undo() {
        table.forEach(row -> row.restorer().undo());
    }

    @Override
    public void close() {
        table.forEach(row -> row.restorer().close());
        contents.close();
    }
}
