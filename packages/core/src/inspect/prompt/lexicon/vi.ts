import type { Lexicon } from './concept.ts';

export const VIETNAMESE: Lexicon = {
  drop: 'bỏ qua | phớt lờ | quên đi | hãy quên | quên hết | quên tất cả | không tuân theo | đừng tuân theo | ngừng tuân theo | vượt qua | hủy bỏ | lờ đi',
  orders:
    'hướng dẫn | chỉ dẫn | chỉ thị | quy tắc | lệnh | mệnh lệnh | lời nhắc | giới hạn | hạn chế | chính sách | nhiệm vụ | yêu cầu',
  earlier: 'trước đó | trước đây | ở trên | bên trên | ban đầu | trước | gốc | vừa rồi',
  all: 'tất cả | mọi | toàn bộ | bất kỳ',
  yours: 'của bạn | hệ thống | an toàn | đạo đức',
  everything: 'mọi thứ trước | tất cả những gì | mọi điều trước',
  reveal:
    'tiết lộ | hiển thị | cho tôi biết | cho tôi xem | lặp lại | in ra | đưa tôi | nói cho tôi | chia sẻ | viết ra',
  ask: 'là gì',
  system_prompt:
    'lời nhắc hệ thống | hướng dẫn hệ thống | chỉ dẫn hệ thống | tin nhắn hệ thống | hướng dẫn ban đầu | chỉ thị ẩn | hướng dẫn ẩn',
  own_prompt: 'hướng dẫn của bạn',
  secret: 'mật khẩu | khóa bí mật | bí mật | mã bí mật | khóa api | thông tin đăng nhập',
  become:
    'bây giờ bạn là | bạn bây giờ là | giờ bạn là | hãy đóng vai | đóng vai | giả vờ | tưởng tượng bạn | hành động như',
  unbound:
    'không giới hạn | không có giới hạn | không hạn chế | không bị hạn chế | không kiểm duyệt | không có quy tắc | không bộ lọc',
  persona: 'chế độ nhà phát triển | chế độ jailbreak',
  untold:
    'đừng nói với người dùng | không nói với người dùng | đừng đề cập | không thông báo | mà không cần xác nhận | bí mật gửi | âm thầm | lén lút',
  assistant: 'trợ lý | trí tuệ nhân tạo | mô hình ngôn ngữ',
  user: 'người dùng | bất kỳ ai',
  new_task: 'hướng dẫn mới | nhiệm vụ mới | quy tắc mới | vai trò mới | chỉ thị mới | lệnh mới',
  from_now: 'từ bây giờ | kể từ bây giờ | từ nay',
  instead: 'thay vào đó | làm như sau | và nói',
  must: 'phải | ngay lập tức | luôn luôn | hãy | vui lòng',
  act: 'gửi | chuyển | xóa | mua | đặt | mở | truy cập | chạy | gọi | tải | thanh toán',
  send: 'gửi | chuyển tiếp | tải lên | chia sẻ',
  stake: 'tin nhắn | thư | tệp | nội dung | dữ liệu | cuộc trò chuyện | tài khoản | tiền | khách hàng',
  not: 'không | đừng | chớ',
  discussion: 'ví dụ | cụm từ | tài liệu | nghĩa là | tấn công',
};
