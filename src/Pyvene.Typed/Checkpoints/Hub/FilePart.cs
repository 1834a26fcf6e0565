namespace Pyvene.Typed.Checkpoints.Hub;

/// <summary>Reads a part of a file as if it were a whole; it owns the file.</summary>
internal sealed class FilePart : Stream
{
    private readonly Stream file;
    private readonly long start;

    public FilePart(Stream file, long start, long length)
    {
        (this.file, this.start, Length) = (file, start, length);
        file.Position = start;
    }

    public override long Length { get; }

    public override long Position { get => file.Position - start; set => throw new NotSupportedException(); }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, (int)Math.Min(count, Length - Position));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Length - Position)], cancellationToken);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
